# SPDX-License-Identifier: Apache-2.0
"""Texts that tokenizers are tried on, written here."""

TEXTS = [
    "", " ", "the", "Where is my parcel?", "The teapot arrived broken!!", "CAFÉ naïve Ångström", "cafe\u0301 re\u0301turned",
    "tab\there\nand  spaces\r\nnew", "don't stop—never!", "[CLS] is text here", "x[SEP]y [MASK]", "price: 1,299.50 €",
    "東京 the 日本語テスト", "한국어 텍스트", "Straße STRASSE İstanbul ıI", "zero\u200bwidth\u200djoin", "nul\u0000byte\u0007bell",
    "soft\u00adhyphen", "\ufeffbom first", "a\u0300\u0323b \u1e69", "emoji 👍🏽 👩‍👩‍👧 ok", "ｆｕｌｌｗｉｄｔｈ ＡＢＣ", "مرحبا بالعالم", "हिन्दी में पाठ",
    "ไทยไม่มีช่องว่าง", "re" * 60, "e" * 101, "s" * 100, "unrefundable reordering cancelled chargedest", "\u2028line\u2029para", "\u00a0nbsp\u3000ideographic",
    "¿qué? ¡no! «ok» „yes“ ‹a› …", "a_b-c+d=e<f>g^h`i|j~k$l", "ǅ ǆ Ǆ ﬁ ﬂ", "\ud7a3\u1100\u1161\u11a8", "𝒶𝓫𝔠 𐐀𐐨 𠀀", "\u0378unassigned \ue000private \ufdd0nonchar \ufffd",
    "1234567890 12/34 a1b2", "A" * 5 + "." * 5, "\u0958 \u2126 \u212b", "q\u0307\u0323 \u0344", "[UNK] [PAD] [cls] [CLS][SEP]",
]
