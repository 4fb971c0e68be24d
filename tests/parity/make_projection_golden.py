#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes golden/projection.json: principal components and a t-SNE map by scikit-learn, of points made here.

    pip install scikit-learn==1.9.1
    python make_projection_golden.py
"""
import json
import pathlib

import numpy
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

HERE = pathlib.Path(__file__).parent / "golden"


def main():
    rng = numpy.random.default_rng(5)
    centres = rng.normal(size=(5, 7)) * 2
    values = (centres[numpy.arange(200) % 5] + rng.normal(size=(200, 7))).astype(numpy.float32).round(3)
    tsne = TSNE(perplexity=20, init="pca", max_iter=1000, random_state=0)
    place = tsne.fit_transform(values)
    (HERE / "projection.json").write_text(json.dumps({
        "values": values.tolist(), "components": PCA(3, svd_solver="full").fit_transform(values).round(5).tolist(),
        "perplexity": 20, "map": place.round(4).tolist(), "divergence": float(tsne.kl_divergence_)}) + "\n")


main()
