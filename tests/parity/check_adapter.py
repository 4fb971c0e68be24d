# SPDX-License-Identifier: Apache-2.0
"""Whether PEFT makes of base weights and a checkpoint's adapter what the checkpoint's merged weights are.

    check_adapter.py BASE CHECKPOINT      (needs torch, transformers, peft; says the largest difference of states)
"""
import sys

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModel

base, checkpoint = sys.argv[1:3]
adapted = PeftModel.from_pretrained(AutoModel.from_pretrained(base), checkpoint + "/adapter").eval()
plain = AutoModel.from_pretrained(base).eval()
written = load_file(checkpoint + "/model.safetensors")
merged = AutoModel.from_pretrained(base).eval()
prefix = next(name for name in written if "embeddings" in name).split("embeddings")[0]
own = merged.state_dict()
merged.load_state_dict({name: written.get(prefix + name, value) if "pooler" not in name else value
                        for name, value in own.items()})
torch.manual_seed(1)
ids = torch.randint(5, plain.config.vocab_size, (4, 24))
with torch.no_grad():
    states = [model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
              for model in (adapted, merged, plain)]
print("adapter - merged", (states[0] - states[1]).abs().max().item(), "adapter - base",
      (states[0] - states[2]).abs().max().item())
sys.exit(0 if torch.allclose(states[0], states[1], atol=1e-4) and not torch.allclose(states[0], states[2]) else 1)
