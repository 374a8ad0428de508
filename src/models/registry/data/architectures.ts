/**
 * timm's plain vision transformers, one a line: name, width, depth, heads, hidden, patch and image in pixels; then what
 * differs from ViT and DeiT, in the words of `architectures.ts`.
 * Source: timm 1.0 at aa4b5850, timm/models/vision_transformer.py and deit.py.
 */
export const architectureTable = `
aimv2_1b_patch14_224                    2048 24 16 5632 14 224 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
aimv2_1b_patch14_336                    2048 24 16 5632 14 336 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
aimv2_1b_patch14_448                    2048 24 16 5632 14 448 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
aimv2_3b_patch14_224                    3072 24 24 8192 14 224 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
aimv2_3b_patch14_336                    3072 24 24 8192 14 336 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
aimv2_3b_patch14_448                    3072 24 24 8192 14 448 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
aimv2_huge_patch14_224                  1536 24 12 4096 14 224 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
aimv2_huge_patch14_336                  1536 24 12 4096 14 336 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
aimv2_huge_patch14_448                  1536 24 12 4096 14 448 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
aimv2_large_patch14_224                 1024 24  8 2816 14 224 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
aimv2_large_patch14_336                 1024 24  8 2816 14 336 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
aimv2_large_patch14_448                 1024 24  8 2816 14 448 no-class avg norm-first patch-norm no-bias swiglu-split rms eps-1e-5
beit3_base_patch16_224                   768 12 12 3072 16 224 avg scale-norms eps-1e-5
beit3_giant_patch14_224                 1408 40 16 6144 14 224 avg scale-norms eps-1e-5
beit3_giant_patch14_336                 1408 40 16 6144 14 336 avg scale-norms eps-1e-5
beit3_large_patch16_224                 1024 24 16 4096 16 224 avg scale-norms eps-1e-5
deit3_base_patch16_224                   768 12 12 3072 16 224 no-embed-class layer-scale
deit3_base_patch16_384                   768 12 12 3072 16 384 no-embed-class layer-scale
deit3_huge_patch14_224                  1280 32 16 5120 14 224 no-embed-class layer-scale
deit3_large_patch16_224                 1024 24 16 4096 16 224 no-embed-class layer-scale
deit3_large_patch16_384                 1024 24 16 4096 16 384 no-embed-class layer-scale
deit3_medium_patch16_224                 512 12  8 2048 16 224 no-embed-class layer-scale
deit3_small_patch16_224                  384 12  6 1536 16 224 no-embed-class layer-scale
deit3_small_patch16_384                  384 12  6 1536 16 384 no-embed-class layer-scale
deit_base_distilled_patch16_224          768 12 12 3072 16 224 distilled
deit_base_distilled_patch16_384          768 12 12 3072 16 384 distilled
deit_base_patch16_224                    768 12 12 3072 16 224
deit_base_patch16_384                    768 12 12 3072 16 384
deit_small_distilled_patch16_224         384 12  6 1536 16 224 distilled
deit_small_patch16_224                   384 12  6 1536 16 224
deit_tiny_distilled_patch16_224          192 12  3  768 16 224 distilled
deit_tiny_patch16_224                    192 12  3  768 16 224
eva_large_patch14_196                   1024 24 16 4096 14 196 avg
eva_large_patch14_336                   1024 24 16 4096 14 336 avg
flexivit_base                            768 12 12 3072 16 240 no-embed-class
flexivit_large                          1024 24 16 4096 16 240 no-embed-class
flexivit_small                           384 12  6 1536 16 240 no-embed-class
test_vit                                  64  6  2  192 16 160
test_vit2                                 64  8  2  192 16 160 no-class reg1 avg layer-scale
test_vit3                                 96  9  3  192 16 160 no-class reg1 map layer-scale
test_vit4                                 96  9  3  288 16 160 no-class reg1 avg layer-scale rms
vit_base_patch8_224                      768 12 12 3072  8 224
vit_base_patch14_dinov2                  768 12 12 3072 14 518 layer-scale
vit_base_patch14_reg1_tipsv2             768 12 12 3072 14 448 reg1 no-embed-class layer-scale
vit_base_patch14_reg4_dinov2             768 12 12 3072 14 518 reg4 no-embed-class layer-scale
vit_base_patch16_224                     768 12 12 3072 16 224
vit_base_patch16_224_miil                768 12 12 3072 16 224 no-qkv-bias
vit_base_patch16_384                     768 12 12 3072 16 384
vit_base_patch16_clip_224                768 12 12 3072 16 224 pre-norm eps-1e-5
vit_base_patch16_clip_384                768 12 12 3072 16 384 pre-norm eps-1e-5
vit_base_patch16_clip_quickgelu_224      768 12 12 3072 16 224 pre-norm quick-gelu eps-1e-5
vit_base_patch16_gap_224                 768 12 16 3072 16 224 no-class avg norm-first
vit_base_patch16_plus_240                896 12 14 3584 16 240 layer-scale
vit_base_patch16_plus_clip_240           896 12 14 3584 16 240 pre-norm eps-1e-5
vit_base_patch16_reg4_gap_256            768 12 12 3072 16 256 no-class reg4 no-embed-class avg
vit_base_patch16_siglip_224              768 12 12 3072 16 224 no-class map
vit_base_patch16_siglip_256              768 12 12 3072 16 256 no-class map
vit_base_patch16_siglip_384              768 12 12 3072 16 384 no-class map
vit_base_patch16_siglip_512              768 12 12 3072 16 512 no-class map
vit_base_patch16_siglip_gap_224          768 12 12 3072 16 224 no-class avg norm-first
vit_base_patch16_siglip_gap_256          768 12 12 3072 16 256 no-class avg norm-first
vit_base_patch16_siglip_gap_384          768 12 12 3072 16 384 no-class avg norm-first
vit_base_patch16_siglip_gap_512          768 12 12 3072 16 512 no-class avg norm-first
vit_base_patch32_224                     768 12 12 3072 32 224
vit_base_patch32_384                     768 12 12 3072 32 384
vit_base_patch32_clip_224                768 12 12 3072 32 224 pre-norm eps-1e-5
vit_base_patch32_clip_256                768 12 12 3072 32 256 pre-norm eps-1e-5
vit_base_patch32_clip_384                768 12 12 3072 32 384 pre-norm eps-1e-5
vit_base_patch32_clip_448                768 12 12 3072 32 448 pre-norm eps-1e-5
vit_base_patch32_clip_quickgelu_224      768 12 12 3072 32 224 pre-norm quick-gelu eps-1e-5
vit_base_patch32_plus_256                896 12 14 3584 32 256 layer-scale
vit_base_patch32_siglip_256              768 12 12 3072 32 256 no-class map gelu-tanh
vit_base_patch32_siglip_gap_256          768 12 12 3072 32 256 no-class avg norm-first gelu-tanh
vit_betwixt_patch16_gap_256              640 12 10 2560 16 256 no-class avg norm-first no-qkv-bias layer-scale
vit_betwixt_patch16_reg1_gap_256         640 12 10 2560 16 256 no-class reg1 no-embed-class avg layer-scale
vit_betwixt_patch16_reg4_gap_256         640 12 10 2560 16 256 no-class reg4 no-embed-class avg layer-scale
vit_betwixt_patch16_reg4_gap_384         640 12 10 2560 16 384 no-class reg4 no-embed-class avg layer-scale
vit_betwixt_patch32_clip_224             640 12 10 2560 32 224 pre-norm eps-1e-5
vit_giant_patch14_224                   1408 40 16 6144 14 224
vit_giant_patch14_clip_224              1408 40 16 6144 14 224 pre-norm eps-1e-5
vit_giant_patch14_dinov2                1536 40 24 4096 14 518 layer-scale swiglu-packed
vit_giant_patch14_reg1_tipsv2           1536 40 24 4096 14 448 reg1 no-embed-class layer-scale swiglu-packed
vit_giant_patch14_reg4_dinov2           1536 40 24 4096 14 518 reg4 no-embed-class layer-scale swiglu-packed
vit_giant_patch16_gap_224               1408 40 16 6144 16 224 no-class avg norm-first
vit_giantopt_patch16_siglip_256         1536 40 16 6144 16 256 no-class map gelu-tanh
vit_giantopt_patch16_siglip_384         1536 40 16 6144 16 384 no-class map gelu-tanh
vit_giantopt_patch16_siglip_gap_256     1536 40 16 6144 16 256 no-class avg norm-first gelu-tanh
vit_giantopt_patch16_siglip_gap_384     1536 40 16 6144 16 384 no-class avg norm-first gelu-tanh
vit_gigantic_patch14_224                1664 48 16 8192 14 224
vit_gigantic_patch14_clip_224           1664 48 16 8192 14 224 pre-norm eps-1e-5
vit_gigantic_patch14_clip_378           1664 48 16 8192 14 378 pre-norm eps-1e-5
vit_gigantic_patch14_clip_quickgelu_224 1664 48 16 8192 14 224 pre-norm quick-gelu eps-1e-5
vit_huge_patch14_224                    1280 32 16 5120 14 224
vit_huge_patch14_clip_224               1280 32 16 5120 14 224 pre-norm eps-1e-5
vit_huge_patch14_clip_336               1280 32 16 5120 14 336 pre-norm eps-1e-5
vit_huge_patch14_clip_378               1280 32 16 5120 14 378 pre-norm eps-1e-5
vit_huge_patch14_clip_quickgelu_224     1280 32 16 5120 14 224 pre-norm quick-gelu eps-1e-5
vit_huge_patch14_clip_quickgelu_378     1280 32 16 5120 14 378 pre-norm quick-gelu eps-1e-5
vit_huge_patch14_gap_224                1280 32 16 5120 14 224 no-class avg norm-first
vit_huge_patch16_gap_448                1280 32 16 5120 16 448 no-class avg norm-first
vit_intern300m_patch14_448              1024 24 16 4096 14 448 no-norm layer-scale
vit_large_patch14_224                   1024 24 16 4096 14 224
vit_large_patch14_clip_224              1024 24 16 4096 14 224 pre-norm eps-1e-5
vit_large_patch14_clip_336              1024 24 16 4096 14 336 pre-norm eps-1e-5
vit_large_patch14_clip_quickgelu_224    1024 24 16 4096 14 224 pre-norm quick-gelu eps-1e-5
vit_large_patch14_clip_quickgelu_336    1024 24 16 4096 14 336 pre-norm quick-gelu eps-1e-5
vit_large_patch14_dinov2                1024 24 16 4096 14 518 layer-scale
vit_large_patch14_reg1_tipsv2           1024 24 16 4096 14 448 reg1 no-embed-class layer-scale
vit_large_patch14_reg4_dinov2           1024 24 16 4096 14 518 reg4 no-embed-class layer-scale
vit_large_patch16_224                   1024 24 16 4096 16 224
vit_large_patch16_384                   1024 24 16 4096 16 384
vit_large_patch16_siglip_256            1024 24 16 4096 16 256 no-class map
vit_large_patch16_siglip_384            1024 24 16 4096 16 384 no-class map
vit_large_patch16_siglip_512            1024 24 16 4096 16 512 no-class map gelu-tanh
vit_large_patch16_siglip_gap_256        1024 24 16 4096 16 256 no-class avg norm-first
vit_large_patch16_siglip_gap_384        1024 24 16 4096 16 384 no-class avg norm-first
vit_large_patch16_siglip_gap_512        1024 24 16 4096 16 512 no-class avg norm-first gelu-tanh
vit_large_patch32_224                   1024 24 16 4096 32 224
vit_large_patch32_384                   1024 24 16 4096 32 384
vit_little_patch16_reg1_gap_256          320 14  5 1792 16 256 no-class reg1 no-embed-class avg layer-scale
vit_little_patch16_reg4_gap_256          320 14  5 1792 16 256 no-class reg4 no-embed-class avg layer-scale
vit_medium_patch16_clip_224              512 12  8 2048 16 224 pre-norm eps-1e-5
vit_medium_patch16_gap_240               512 12  8 2048 16 240 no-class avg norm-first no-qkv-bias layer-scale
vit_medium_patch16_gap_256               512 12  8 2048 16 256 no-class avg norm-first no-qkv-bias layer-scale
vit_medium_patch16_gap_384               512 12  8 2048 16 384 no-class avg norm-first no-qkv-bias layer-scale
vit_medium_patch16_reg1_gap_256          512 12  8 2048 16 256 no-class reg1 no-embed-class avg layer-scale
vit_medium_patch16_reg4_gap_256          512 12  8 2048 16 256 no-class reg4 no-embed-class avg layer-scale
vit_medium_patch32_clip_224              512 12  8 2048 32 224 pre-norm eps-1e-5
vit_mediumd_patch16_reg4_gap_256         512 20  8 2048 16 256 no-class reg4 no-embed-class avg layer-scale
vit_mediumd_patch16_reg4_gap_384         512 20  8 2048 16 384 no-class reg4 no-embed-class avg layer-scale
vit_small_patch8_224                     384 12  6 1536  8 224
vit_small_patch14_dinov2                 384 12  6 1536 14 518 layer-scale
vit_small_patch14_reg4_dinov2            384 12  6 1536 14 518 reg4 no-embed-class layer-scale
vit_small_patch16_36x1_224               384 36  6 1536 16 224 layer-scale
vit_small_patch16_224                    384 12  6 1536 16 224
vit_small_patch16_384                    384 12  6 1536 16 384
vit_small_patch32_224                    384 12  6 1536 32 224
vit_small_patch32_384                    384 12  6 1536 32 384
vit_so150m2_patch16_reg1_gap_256         832 21 13 2176 16 256 no-class reg1 avg no-qkv-bias layer-scale
vit_so150m2_patch16_reg1_gap_384         832 21 13 2176 16 384 no-class reg1 avg no-qkv-bias layer-scale
vit_so150m2_patch16_reg1_gap_448         832 21 13 2176 16 448 no-class reg1 avg no-qkv-bias layer-scale
vit_so150m_patch16_reg4_gap_256          896 18 14 2304 16 256 no-class reg4 avg norm-first
vit_so150m_patch16_reg4_gap_384          896 18 14 2304 16 384 no-class reg4 avg norm-first
vit_so150m_patch16_reg4_map_256          896 18 14 2304 16 256 no-class reg4 map
vit_so400m_patch14_reg1_tipsv2          1152 27 16 4304 14 448 reg1 no-embed-class layer-scale
vit_so400m_patch14_siglip_224           1152 27 16 4304 14 224 no-class map
vit_so400m_patch14_siglip_378           1152 27 16 4304 14 378 no-class map
vit_so400m_patch14_siglip_gap_224       1152 27 16 4304 14 224 no-class avg norm-first
vit_so400m_patch14_siglip_gap_378       1152 27 16 4304 14 378 no-class avg norm-first
vit_so400m_patch14_siglip_gap_448       1152 27 16 4304 14 448 no-class avg norm-first
vit_so400m_patch14_siglip_gap_896       1152 27 16 4304 14 896 no-class avg norm-first
vit_so400m_patch16_siglip_256           1152 27 16 4304 16 256 no-class map gelu-tanh
vit_so400m_patch16_siglip_384           1152 27 16 4304 16 384 no-class map gelu-tanh
vit_so400m_patch16_siglip_512           1152 27 16 4304 16 512 no-class map gelu-tanh
vit_so400m_patch16_siglip_gap_256       1152 27 16 4304 16 256 no-class avg norm-first gelu-tanh
vit_so400m_patch16_siglip_gap_384       1152 27 16 4304 16 384 no-class avg norm-first gelu-tanh
vit_so400m_patch16_siglip_gap_512       1152 27 16 4304 16 512 no-class avg norm-first gelu-tanh
vit_tiny_patch16_224                     192 12  3  768 16 224
vit_tiny_patch16_384                     192 12  3  768 16 384
vit_wee_patch16_reg1_gap_256             256 14  4 1280 16 256 no-class reg1 no-embed-class avg layer-scale
vit_xsmall_patch16_clip_224              256 10  4 1024 16 224 pre-norm eps-1e-5
`;
