/**
 * Their checkpoints on the Hugging Face hub, one a line: architecture and timm's tag, outputs (those of an embedding after an
 * `e`), mean and standard deviation, the share of a resized picture that is seen, licence; then what differs: `squash`,
 * `bilinear`, or the repository after an `@` if it is another model's. Of an architecture the first is the one that its bare
 * name means.
 * Source: timm 1.0 at aa4b5850, its default configurations. But DeiT-tiny sees 0.875, as where its authors measured it
 * (facebookresearch/deit, datasets.py: the short side becomes 256), where timm has 0.9.
 */
export const checkpointTable = `
aimv2_1b_patch14_224.apple_pt                                0 clip     1     apple-ascl
aimv2_1b_patch14_336.apple_pt                                0 clip     1     apple-ascl
aimv2_1b_patch14_448.apple_pt                                0 clip     1     apple-ascl
aimv2_3b_patch14_224.apple_pt                                0 clip     1     apple-ascl
aimv2_3b_patch14_336.apple_pt                                0 clip     1     apple-ascl
aimv2_3b_patch14_448.apple_pt                                0 clip     1     apple-ascl
aimv2_huge_patch14_224.apple_pt                              0 clip     1     apple-ascl
aimv2_huge_patch14_336.apple_pt                              0 clip     1     apple-ascl
aimv2_huge_patch14_448.apple_pt                              0 clip     1     apple-ascl
aimv2_large_patch14_224.apple_pt                             0 clip     1     apple-ascl
aimv2_large_patch14_224.apple_pt_dist                        0 clip     1     apple-ascl
aimv2_large_patch14_336.apple_pt                             0 clip     1     apple-ascl
aimv2_large_patch14_336.apple_pt_dist                        0 clip     1     apple-ascl
aimv2_large_patch14_448.apple_pt                             0 clip     1     apple-ascl
beit3_base_patch16_224.in22k_ft_in1k                      1000 imagenet 1     apache-2.0
beit3_base_patch16_224.indomain_in22k_ft_in1k             1000 imagenet 1     apache-2.0
beit3_base_patch16_224.pt                                    0 imagenet 1     apache-2.0
beit3_base_patch16_224.indomain_pt                           0 imagenet 1     apache-2.0
beit3_large_patch16_224.in22k_ft_in1k                     1000 imagenet 1     apache-2.0
beit3_large_patch16_224.indomain_in22k_ft_in1k            1000 imagenet 1     apache-2.0
beit3_large_patch16_224.pt                                   0 imagenet 1     apache-2.0
beit3_large_patch16_224.indomain_pt                          0 imagenet 1     apache-2.0
deit3_base_patch16_224.fb_in1k                            1000 imagenet 0.9   apache-2.0
deit3_base_patch16_224.fb_in22k_ft_in1k                   1000 imagenet 1     apache-2.0
deit3_base_patch16_384.fb_in1k                            1000 imagenet 1     apache-2.0
deit3_base_patch16_384.fb_in22k_ft_in1k                   1000 imagenet 1     apache-2.0
deit3_huge_patch14_224.fb_in1k                            1000 imagenet 0.9   apache-2.0
deit3_huge_patch14_224.fb_in22k_ft_in1k                   1000 imagenet 1     apache-2.0
deit3_large_patch16_224.fb_in1k                           1000 imagenet 0.9   apache-2.0
deit3_large_patch16_224.fb_in22k_ft_in1k                  1000 imagenet 1     apache-2.0
deit3_large_patch16_384.fb_in1k                           1000 imagenet 1     apache-2.0
deit3_large_patch16_384.fb_in22k_ft_in1k                  1000 imagenet 1     apache-2.0
deit3_medium_patch16_224.fb_in1k                          1000 imagenet 0.9   apache-2.0
deit3_medium_patch16_224.fb_in22k_ft_in1k                 1000 imagenet 1     apache-2.0
deit3_small_patch16_224.fb_in1k                           1000 imagenet 0.9   apache-2.0
deit3_small_patch16_224.fb_in22k_ft_in1k                  1000 imagenet 1     apache-2.0
deit3_small_patch16_384.fb_in1k                           1000 imagenet 1     apache-2.0
deit3_small_patch16_384.fb_in22k_ft_in1k                  1000 imagenet 1     apache-2.0
deit_base_distilled_patch16_224.fb_in1k                   1000 imagenet 0.9   apache-2.0
deit_base_distilled_patch16_384.fb_in1k                   1000 imagenet 1     apache-2.0
deit_base_patch16_224.fb_in1k                             1000 imagenet 0.9   apache-2.0
deit_base_patch16_384.fb_in1k                             1000 imagenet 1     apache-2.0
deit_small_distilled_patch16_224.fb_in1k                  1000 imagenet 0.9   apache-2.0
deit_small_patch16_224.fb_in1k                            1000 imagenet 0.9   apache-2.0
deit_tiny_distilled_patch16_224.fb_in1k                   1000 imagenet 0.9   apache-2.0
deit_tiny_patch16_224.fb_in1k                             1000 imagenet 0.875 apache-2.0
eva_large_patch14_196.in22k_ft_in22k_in1k                 1000 clip     1     mit
eva_large_patch14_196.in22k_ft_in1k                       1000 clip     1     mit
eva_large_patch14_336.in22k_ft_in22k_in1k                 1000 clip     1     mit          squash
eva_large_patch14_336.in22k_ft_in1k                       1000 clip     1     mit          squash
flexivit_base.1200ep_in1k                                 1000 half     0.95  apache-2.0
flexivit_base.600ep_in1k                                  1000 half     0.95  apache-2.0
flexivit_base.300ep_in1k                                  1000 half     0.95  apache-2.0
flexivit_base.1000ep_in21k                               21843 half     0.95  apache-2.0
flexivit_base.300ep_in21k                                21843 half     0.95  apache-2.0
flexivit_base.patch16_in21k                              21843 half     0.95  apache-2.0
flexivit_base.patch30_in21k                              21843 half     0.95  apache-2.0
flexivit_large.1200ep_in1k                                1000 half     0.95  apache-2.0
flexivit_large.600ep_in1k                                 1000 half     0.95  apache-2.0
flexivit_large.300ep_in1k                                 1000 half     0.95  apache-2.0
flexivit_small.1200ep_in1k                                1000 half     0.95  apache-2.0
flexivit_small.600ep_in1k                                 1000 half     0.95  apache-2.0
flexivit_small.300ep_in1k                                 1000 half     0.95  apache-2.0
test_vit.r160_in1k                                        1000 half     0.95  apache-2.0
test_vit2.r160_in1k                                       1000 half     0.95  apache-2.0
test_vit3.r160_in1k                                       1000 half     0.95  apache-2.0
vit_base_patch8_224.augreg2_in21k_ft_in1k                 1000 half     0.9   apache-2.0
vit_base_patch8_224.augreg_in21k_ft_in1k                  1000 half     0.9   apache-2.0
vit_base_patch8_224.augreg_in21k                         21843 half     0.9   apache-2.0
vit_base_patch8_224.dino                                     0 imagenet 0.9   apache-2.0
vit_base_patch14_dinov2.lvd142m                              0 imagenet 1     apache-2.0
vit_base_patch14_reg1_tipsv2.webli                           0 none     1     apache-2.0
vit_base_patch14_reg4_dinov2.lvd142m                         0 imagenet 1     apache-2.0
vit_base_patch16_224.augreg2_in21k_ft_in1k                1000 half     0.9   apache-2.0
vit_base_patch16_224.augreg_in21k_ft_in1k                 1000 half     0.9   apache-2.0
vit_base_patch16_224.orig_in21k_ft_in1k                   1000 half     0.9   apache-2.0
vit_base_patch16_224.augreg_in1k                          1000 half     0.9   apache-2.0
vit_base_patch16_224.orig_in21k                              0 half     0.9   apache-2.0
vit_base_patch16_224.augreg_in21k                        21843 half     0.9   apache-2.0
vit_base_patch16_224.sam_in1k                             1000 half     0.9   apache-2.0
vit_base_patch16_224.dino                                    0 imagenet 0.9   apache-2.0
vit_base_patch16_224.mae                                     0 imagenet 0.9   cc-by-nc-4.0
vit_base_patch16_224_miil.in21k                          11221 none     0.875 apache-2.0   bilinear
vit_base_patch16_224_miil.in21k_ft_in1k                   1000 none     0.875 apache-2.0   bilinear
vit_base_patch16_384.augreg_in21k_ft_in1k                 1000 half     1     apache-2.0
vit_base_patch16_384.orig_in21k_ft_in1k                   1000 half     1     apache-2.0
vit_base_patch16_384.augreg_in1k                          1000 half     1     apache-2.0
vit_base_patch16_clip_224.laion2b_ft_in12k_in1k           1000 clip     0.95  apache-2.0
vit_base_patch16_clip_224.openai_ft_in12k_in1k            1000 clip     0.95  apache-2.0
vit_base_patch16_clip_224.laion2b_ft_in1k                 1000 clip     1     apache-2.0
vit_base_patch16_clip_224.openai_ft_in1k                  1000 clip     0.9   apache-2.0
vit_base_patch16_clip_224.laion2b_ft_in12k               11821 clip     0.9   apache-2.0
vit_base_patch16_clip_224.openai_ft_in12k                11821 clip     0.9   apache-2.0
vit_base_patch16_clip_224.laion2b                         e512 clip     1     apache-2.0
vit_base_patch16_clip_224.laion400m_e32                   e512 clip     1     mit
vit_base_patch16_clip_224.datacompxl                      e512 clip     1     apache-2.0
vit_base_patch16_clip_224.dfn2b                           e512 clip     1     apple-ascl
vit_base_patch16_clip_224.metaclip_2pt5b                  e512 clip     1     cc-by-nc-4.0
vit_base_patch16_clip_224.metaclip_400m                   e512 clip     1     cc-by-nc-4.0
vit_base_patch16_clip_224.openai                          e512 clip     0.9   apache-2.0
vit_base_patch16_clip_384.laion2b_ft_in12k_in1k           1000 clip     1     apache-2.0   squash
vit_base_patch16_clip_384.openai_ft_in12k_in1k            1000 clip     0.95  apache-2.0   squash
vit_base_patch16_clip_384.laion2b_ft_in1k                 1000 clip     1     apache-2.0   squash
vit_base_patch16_clip_384.openai_ft_in1k                  1000 clip     1     apache-2.0   squash
vit_base_patch16_clip_quickgelu_224.metaclip_2pt5b        e512 clip     1     cc-by-nc-4.0 @vit_base_patch16_clip_224.metaclip_2pt5b
vit_base_patch16_clip_quickgelu_224.metaclip_400m         e512 clip     1     cc-by-nc-4.0 @vit_base_patch16_clip_224.metaclip_400m
vit_base_patch16_clip_quickgelu_224.openai                e512 clip     0.9   apache-2.0   @vit_base_patch16_clip_224.openai
vit_base_patch16_plus_clip_240.laion400m_e32              e640 clip     1     mit
vit_base_patch16_siglip_224.v2_webli                        e0 half     0.9   apache-2.0
vit_base_patch16_siglip_224.webli                           e0 half     0.9   apache-2.0
vit_base_patch16_siglip_256.v2_webli                        e0 half     0.9   apache-2.0
vit_base_patch16_siglip_256.webli                           e0 half     0.9   apache-2.0
vit_base_patch16_siglip_256.webli_i18n                      e0 half     0.9   apache-2.0
vit_base_patch16_siglip_384.v2_webli                        e0 half     0.9   apache-2.0
vit_base_patch16_siglip_384.webli                           e0 half     0.9   apache-2.0
vit_base_patch16_siglip_512.v2_webli                        e0 half     0.9   apache-2.0
vit_base_patch16_siglip_512.webli                           e0 half     0.9   apache-2.0
vit_base_patch16_siglip_gap_224.v2_webli                     0 half     0.9   apache-2.0
vit_base_patch16_siglip_gap_224.webli                        0 half     0.9   apache-2.0
vit_base_patch16_siglip_gap_256.v2_webli                     0 half     0.9   apache-2.0
vit_base_patch16_siglip_gap_256.webli                        0 half     0.9   apache-2.0
vit_base_patch16_siglip_gap_256.webli_i18n                   0 half     0.9   apache-2.0
vit_base_patch16_siglip_gap_384.v2_webli                     0 half     0.9   apache-2.0
vit_base_patch16_siglip_gap_384.webli                        0 half     0.9   apache-2.0
vit_base_patch16_siglip_gap_512.v2_webli                     0 half     0.9   apache-2.0
vit_base_patch16_siglip_gap_512.webli                        0 half     0.9   apache-2.0
vit_base_patch32_224.augreg_in21k_ft_in1k                 1000 half     0.9   apache-2.0
vit_base_patch32_224.augreg_in1k                          1000 half     0.9   apache-2.0
vit_base_patch32_224.orig_in21k                              0 half     0.9   apache-2.0
vit_base_patch32_224.augreg_in21k                        21843 half     0.9   apache-2.0
vit_base_patch32_224.sam_in1k                             1000 half     0.9   apache-2.0
vit_base_patch32_384.augreg_in21k_ft_in1k                 1000 half     1     apache-2.0
vit_base_patch32_384.augreg_in1k                          1000 half     1     apache-2.0
vit_base_patch32_clip_224.laion2b_ft_in12k_in1k           1000 clip     0.9   apache-2.0
vit_base_patch32_clip_224.laion2b_ft_in1k                 1000 clip     0.9   apache-2.0
vit_base_patch32_clip_224.openai_ft_in1k                  1000 clip     0.9   apache-2.0
vit_base_patch32_clip_224.laion2b                         e512 clip     0.9   apache-2.0
vit_base_patch32_clip_224.laion400m_e32                   e512 clip     0.9   mit
vit_base_patch32_clip_224.datacompxl                      e512 clip     1     apache-2.0
vit_base_patch32_clip_224.metaclip_2pt5b                  e512 clip     1     cc-by-nc-4.0
vit_base_patch32_clip_224.metaclip_400m                   e512 clip     1     cc-by-nc-4.0
vit_base_patch32_clip_224.openai                          e512 clip     0.9   apache-2.0
vit_base_patch32_clip_256.datacompxl                      e512 clip     1     apache-2.0
vit_base_patch32_clip_384.laion2b_ft_in12k_in1k           1000 clip     1     apache-2.0
vit_base_patch32_clip_384.openai_ft_in12k_in1k            1000 clip     0.95  apache-2.0   squash
vit_base_patch32_clip_448.laion2b_ft_in12k_in1k           1000 clip     1     apache-2.0
vit_base_patch32_clip_quickgelu_224.laion400m_e32         e512 clip     0.9   mit          @vit_base_patch32_clip_224.laion400m_e32
vit_base_patch32_clip_quickgelu_224.metaclip_2pt5b        e512 clip     1     cc-by-nc-4.0 @vit_base_patch32_clip_224.metaclip_2pt5b
vit_base_patch32_clip_quickgelu_224.metaclip_400m         e512 clip     1     cc-by-nc-4.0 @vit_base_patch32_clip_224.metaclip_400m
vit_base_patch32_clip_quickgelu_224.openai                e512 clip     0.9   apache-2.0   @vit_base_patch32_clip_224.openai
vit_base_patch32_siglip_256.v2_webli                        e0 half     0.9   apache-2.0
vit_base_patch32_siglip_gap_256.v2_webli                     0 half     0.9   apache-2.0
vit_betwixt_patch16_reg1_gap_256.sbb_in1k                 1000 half     0.95  apache-2.0
vit_betwixt_patch16_reg4_gap_256.sbb2_e200_in12k_ft_in1k  1000 half     0.95  apache-2.0
vit_betwixt_patch16_reg4_gap_256.sbb_in12k_ft_in1k        1000 half     0.95  apache-2.0
vit_betwixt_patch16_reg4_gap_256.sbb_in1k                 1000 half     0.95  apache-2.0
vit_betwixt_patch16_reg4_gap_256.sbb2_e200_in12k         11821 half     0.95  apache-2.0
vit_betwixt_patch16_reg4_gap_256.sbb_in12k               11821 half     0.95  apache-2.0
vit_betwixt_patch16_reg4_gap_384.sbb2_e200_in12k_ft_in1k  1000 half     1     apache-2.0
vit_betwixt_patch32_clip_224.tinyclip_laion400m           e512 clip     0.9   mit
vit_giant_patch14_clip_224.laion2b                       e1024 clip     1     apache-2.0
vit_giant_patch14_dinov2.lvd142m                             0 imagenet 1     apache-2.0
vit_giant_patch14_reg1_tipsv2.webli                          0 none     1     apache-2.0
vit_giant_patch14_reg4_dinov2.lvd142m                        0 imagenet 1     apache-2.0
vit_giantopt_patch16_siglip_256.v2_webli                    e0 half     0.9   apache-2.0
vit_giantopt_patch16_siglip_384.v2_webli                    e0 half     0.9   apache-2.0
vit_giantopt_patch16_siglip_gap_256.v2_webli                 0 half     0.9   apache-2.0
vit_giantopt_patch16_siglip_gap_384.v2_webli                 0 half     0.9   apache-2.0
vit_gigantic_patch14_clip_224.laion2b                    e1280 clip     1     apache-2.0
vit_gigantic_patch14_clip_224.metaclip2_worldwide        e1280 clip     1     cc-by-nc-4.0
vit_gigantic_patch14_clip_224.metaclip_2pt5b             e1280 clip     1     cc-by-nc-4.0
vit_gigantic_patch14_clip_378.metaclip2_worldwide        e1280 clip     1     cc-by-nc-4.0 squash
vit_gigantic_patch14_clip_quickgelu_224.metaclip_2pt5b   e1280 clip     1     cc-by-nc-4.0 @vit_gigantic_patch14_clip_224.metaclip_2pt5b
vit_huge_patch14_224.orig_in21k                              0 half     0.9   apache-2.0
vit_huge_patch14_224.mae                                     0 imagenet 0.9   cc-by-nc-4.0
vit_huge_patch14_clip_224.laion2b_ft_in12k_in1k           1000 clip     1     apache-2.0
vit_huge_patch14_clip_224.laion2b_ft_in1k                 1000 clip     1     apache-2.0
vit_huge_patch14_clip_224.laion2b_ft_in12k               11821 clip     1     apache-2.0
vit_huge_patch14_clip_224.laion2b                        e1024 clip     1     apache-2.0
vit_huge_patch14_clip_224.dfn5b                          e1024 clip     1     apple-ascl
vit_huge_patch14_clip_224.metaclip2_worldwide            e1024 clip     1     cc-by-nc-4.0
vit_huge_patch14_clip_224.metaclip_2pt5b                 e1024 clip     1     cc-by-nc-4.0
vit_huge_patch14_clip_224.metaclip_altogether            e1024 clip     1     cc-by-nc-4.0
vit_huge_patch14_clip_336.laion2b_ft_in12k_in1k           1000 clip     1     apache-2.0   squash
vit_huge_patch14_clip_378.dfn5b                          e1024 clip     1     apple-ascl
vit_huge_patch14_clip_378.metaclip2_worldwide            e1024 clip     1     cc-by-nc-4.0 squash
vit_huge_patch14_clip_quickgelu_224.dfn5b                e1024 clip     1     apple-ascl   @vit_huge_patch14_clip_224.dfn5b
vit_huge_patch14_clip_quickgelu_224.metaclip2_worldwide  e1024 clip     1     cc-by-nc-4.0 @vit_huge_patch14_clip_224.metaclip2_worldwide
vit_huge_patch14_clip_quickgelu_224.metaclip_2pt5b       e1024 clip     1     cc-by-nc-4.0 @vit_huge_patch14_clip_224.metaclip_2pt5b
vit_huge_patch14_clip_quickgelu_378.dfn5b                e1024 clip     1     apple-ascl   @vit_huge_patch14_clip_378.dfn5b
vit_intern300m_patch14_448.ogvl_dist                         0 imagenet 1     mit
vit_intern300m_patch14_448.ogvl_2pt5                         0 imagenet 1     apache-2.0
vit_large_patch14_clip_224.laion2b_ft_in12k_in1k          1000 half     1     apache-2.0
vit_large_patch14_clip_224.openai_ft_in12k_in1k           1000 clip     1     apache-2.0
vit_large_patch14_clip_224.laion2b_ft_in1k                1000 half     1     apache-2.0
vit_large_patch14_clip_224.openai_ft_in1k                 1000 clip     1     apache-2.0
vit_large_patch14_clip_224.laion2b_ft_in12k              11821 half     1     apache-2.0
vit_large_patch14_clip_224.openai_ft_in12k               11821 clip     1     apache-2.0
vit_large_patch14_clip_224.laion2b                        e768 half     1     apache-2.0
vit_large_patch14_clip_224.laion400m_e32                  e768 clip     1     mit
vit_large_patch14_clip_224.datacompxl                     e768 clip     1     apache-2.0
vit_large_patch14_clip_224.dfn2b_s39b                     e768 clip     1     apple-ascl
vit_large_patch14_clip_224.dfn2b                          e768 clip     1     apple-ascl
vit_large_patch14_clip_224.metaclip_2pt5b                 e768 clip     1     cc-by-nc-4.0
vit_large_patch14_clip_224.metaclip_400m                  e768 clip     1     cc-by-nc-4.0
vit_large_patch14_clip_224.openai                         e768 clip     1     apache-2.0
vit_large_patch14_clip_224.apple_mclip2_dfndr2b           e768 clip     1     apple-amlr
vit_large_patch14_clip_336.laion2b_ft_in12k_in1k          1000 half     1     apache-2.0   squash
vit_large_patch14_clip_336.openai_ft_in12k_in1k           1000 clip     1     apache-2.0   squash
vit_large_patch14_clip_336.laion2b_ft_in1k                1000 half     1     apache-2.0   squash
vit_large_patch14_clip_336.openai                         e768 clip     1     apache-2.0
vit_large_patch14_clip_quickgelu_224.dfn2b                e768 clip     1     apple-ascl   @vit_large_patch14_clip_224.dfn2b
vit_large_patch14_clip_quickgelu_224.metaclip_2pt5b       e768 clip     1     cc-by-nc-4.0 @vit_large_patch14_clip_224.metaclip_2pt5b
vit_large_patch14_clip_quickgelu_224.metaclip_400m        e768 clip     1     cc-by-nc-4.0 @vit_large_patch14_clip_224.metaclip_400m
vit_large_patch14_clip_quickgelu_224.openai               e768 clip     1     apache-2.0   @vit_large_patch14_clip_224.openai
vit_large_patch14_clip_quickgelu_336.openai               e768 clip     1     apache-2.0   @vit_large_patch14_clip_336.openai
vit_large_patch14_dinov2.lvd142m                             0 imagenet 1     apache-2.0
vit_large_patch14_reg1_tipsv2.webli                          0 none     1     apache-2.0
vit_large_patch14_reg4_dinov2.lvd142m                        0 imagenet 1     apache-2.0
vit_large_patch16_224.augreg_in21k_ft_in1k                1000 half     0.9   apache-2.0
vit_large_patch16_224.orig_in21k                             0 half     0.9   apache-2.0
vit_large_patch16_224.augreg_in21k                       21843 half     0.9   apache-2.0
vit_large_patch16_224.mae                                    0 imagenet 0.9   cc-by-nc-4.0
vit_large_patch16_384.augreg_in21k_ft_in1k                1000 half     1     apache-2.0
vit_large_patch16_siglip_256.v2_webli                       e0 half     0.9   apache-2.0
vit_large_patch16_siglip_256.webli                          e0 half     0.9   apache-2.0
vit_large_patch16_siglip_384.v2_webli                       e0 half     0.9   apache-2.0
vit_large_patch16_siglip_384.webli                          e0 half     0.9   apache-2.0
vit_large_patch16_siglip_512.v2_webli                       e0 half     0.9   apache-2.0
vit_large_patch16_siglip_gap_256.v2_webli                    0 half     0.9   apache-2.0
vit_large_patch16_siglip_gap_256.webli                       0 half     0.9   apache-2.0
vit_large_patch16_siglip_gap_384.v2_webli                    0 half     0.9   apache-2.0
vit_large_patch16_siglip_gap_384.webli                       0 half     0.9   apache-2.0
vit_large_patch16_siglip_gap_512.v2_webli                    0 half     0.9   apache-2.0
vit_large_patch32_224.orig_in21k                             0 half     0.9   apache-2.0
vit_large_patch32_384.orig_in21k_ft_in1k                  1000 half     1     apache-2.0
vit_little_patch16_reg1_gap_256.sbb_in12k_ft_in1k         1000 half     0.95  apache-2.0
vit_little_patch16_reg1_gap_256.sbb_in12k                11821 half     0.95  apache-2.0
vit_little_patch16_reg4_gap_256.sbb_in1k                  1000 half     0.95  apache-2.0
vit_medium_patch16_clip_224.tinyclip_yfcc15m              e512 clip     0.9   mit
vit_medium_patch16_gap_240.sw_in12k                      11821 half     0.95  apache-2.0
vit_medium_patch16_gap_256.sw_in12k_ft_in1k               1000 half     0.95  apache-2.0
vit_medium_patch16_gap_384.sw_in12k_ft_in1k               1000 half     0.95  apache-2.0   squash
vit_medium_patch16_reg1_gap_256.sbb_in1k                  1000 half     0.95  apache-2.0
vit_medium_patch16_reg4_gap_256.sbb_in12k_ft_in1k         1000 half     0.95  apache-2.0
vit_medium_patch16_reg4_gap_256.sbb_in1k                  1000 half     0.95  apache-2.0
vit_medium_patch16_reg4_gap_256.sbb_in12k                11821 half     0.95  apache-2.0
vit_medium_patch32_clip_224.tinyclip_laion400m            e512 clip     0.9   mit
vit_mediumd_patch16_reg4_gap_256.sbb2_e200_in12k_ft_in1k  1000 half     0.95  apache-2.0
vit_mediumd_patch16_reg4_gap_256.sbb_in12k_ft_in1k        1000 half     0.95  apache-2.0
vit_mediumd_patch16_reg4_gap_256.sbb2_e200_in12k         11821 half     0.95  apache-2.0
vit_mediumd_patch16_reg4_gap_256.sbb_in12k               11821 half     0.95  apache-2.0
vit_mediumd_patch16_reg4_gap_384.sbb2_e200_in12k_ft_in1k  1000 half     1     apache-2.0
vit_small_patch8_224.dino                                    0 imagenet 0.9   apache-2.0
vit_small_patch14_dinov2.lvd142m                             0 imagenet 1     apache-2.0
vit_small_patch14_reg4_dinov2.lvd142m                        0 imagenet 1     apache-2.0
vit_small_patch16_224.augreg_in21k_ft_in1k                1000 half     0.9   apache-2.0
vit_small_patch16_224.augreg_in1k                         1000 half     0.9   apache-2.0
vit_small_patch16_224.augreg_in21k                       21843 half     0.9   apache-2.0
vit_small_patch16_224.dino                                   0 imagenet 0.9   apache-2.0
vit_small_patch16_384.augreg_in21k_ft_in1k                1000 half     1     apache-2.0
vit_small_patch16_384.augreg_in1k                         1000 half     1     apache-2.0
vit_small_patch32_224.augreg_in21k_ft_in1k                1000 half     0.9   apache-2.0
vit_small_patch32_224.augreg_in21k                       21843 half     0.9   apache-2.0
vit_small_patch32_384.augreg_in21k_ft_in1k                1000 half     1     apache-2.0
vit_so150m2_patch16_reg1_gap_256.sbb_e200_in12k_ft_in1k   1000 half     1     apache-2.0
vit_so150m2_patch16_reg1_gap_256.sbb_e200_in12k          11821 half     1     apache-2.0
vit_so150m2_patch16_reg1_gap_384.sbb_e200_in12k_ft_in1k   1000 half     1     apache-2.0
vit_so150m2_patch16_reg1_gap_448.sbb_e200_in12k_ft_in1k   1000 half     1     apache-2.0   squash
vit_so150m_patch16_reg4_gap_256.sbb_e250_in12k_ft_in1k    1000 half     0.95  apache-2.0
vit_so150m_patch16_reg4_gap_256.sbb_e250_in12k           11821 half     0.95  apache-2.0
vit_so150m_patch16_reg4_gap_384.sbb_e250_in12k_ft_in1k    1000 half     1     apache-2.0
vit_so400m_patch14_reg1_tipsv2.webli                         0 none     1     apache-2.0
vit_so400m_patch14_siglip_224.v2_webli                      e0 half     0.9   apache-2.0
vit_so400m_patch14_siglip_224.webli                         e0 half     0.9   apache-2.0
vit_so400m_patch14_siglip_378.v2_webli                      e0 half     0.9   apache-2.0
vit_so400m_patch14_siglip_378.webli                         e0 half     0.9   apache-2.0
vit_so400m_patch14_siglip_378.webli_ft_in1k               1000 half     1     apache-2.0   squash
vit_so400m_patch14_siglip_gap_224.v2_webli                   0 half     0.9   apache-2.0
vit_so400m_patch14_siglip_gap_224.webli                      0 half     0.9   apache-2.0
vit_so400m_patch14_siglip_gap_224.pali_mix                   0 half     0.9   apache-2.0
vit_so400m_patch14_siglip_gap_224.pali_pt                    0 half     0.9   apache-2.0
vit_so400m_patch14_siglip_gap_224.pali2_3b_pt                0 half     0.9   apache-2.0
vit_so400m_patch14_siglip_gap_224.pali2_10b_pt               0 half     0.9   apache-2.0
vit_so400m_patch14_siglip_gap_378.v2_webli                   0 half     0.9   apache-2.0
vit_so400m_patch14_siglip_gap_378.webli                      0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_378.webli_ft_in1k           1000 half     1     apache-2.0   squash
vit_so400m_patch14_siglip_gap_448.pali_mix                   0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_448.pali_pt                    0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_448.pali_refcoco_seg           0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_448.pali_ocrvqa                0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_448.pali2_3b_pt                0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_448.pali2_10b_pt               0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_448.pali2_3b_docci             0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_448.pali2_10b_docci            0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_896.pali_pt                    0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_896.pali_refcoco_seg           0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_896.pali_ocrvqa                0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_896.pali2_3b_pt                0 half     1     apache-2.0
vit_so400m_patch14_siglip_gap_896.pali2_10b_pt               0 half     1     apache-2.0
vit_so400m_patch16_siglip_256.v2_webli                      e0 half     0.9   apache-2.0
vit_so400m_patch16_siglip_256.webli_i18n                    e0 half     0.9   apache-2.0
vit_so400m_patch16_siglip_384.v2_webli                      e0 half     0.9   apache-2.0
vit_so400m_patch16_siglip_512.v2_webli                      e0 half     0.9   apache-2.0
vit_so400m_patch16_siglip_gap_256.v2_webli                   0 half     0.9   apache-2.0
vit_so400m_patch16_siglip_gap_256.webli_i18n                 0 half     0.9   apache-2.0
vit_so400m_patch16_siglip_gap_384.v2_webli                   0 half     0.9   apache-2.0
vit_so400m_patch16_siglip_gap_512.v2_webli                   0 half     0.9   apache-2.0
vit_tiny_patch16_224.augreg_in21k_ft_in1k                 1000 half     0.9   apache-2.0
vit_tiny_patch16_224.augreg_in21k                        21843 half     0.9   apache-2.0
vit_tiny_patch16_384.augreg_in21k_ft_in1k                 1000 half     1     apache-2.0
vit_wee_patch16_reg1_gap_256.sbb_in1k                     1000 half     0.95  apache-2.0
vit_xsmall_patch16_clip_224.tinyclip_yfcc15m              e512 clip     0.9   mit
`;
