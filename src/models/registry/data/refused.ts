/** Names of models of timm's that are no plain vision transformers, and in what: after "it". The first that fits counts. */
export const refused: readonly (readonly [names: RegExp, why: string])[] = [
  [/^vit_\w+_18x2_/, 'has two attentions and two MLPs side by side in each block'],
  [/^vit_\w+_rpn_/, 'normalises behind attention and MLP instead of before them'],
  [/^vit_\w+_xp_|^vit_pwee_/, 'computes attention and MLP of a block side by side'],
  [/^vit_d(little|wee)_/, 'has attentions that are differences of two softmaxes'],
  [
    /^vit_dpwee_/,
    'computes attention and MLP side by side, with attentions that are differences of two softmaxes',
  ],
  [/^vit_so400m_patch14_siglip_(gap_)?384/, 'has patches that do not divide its pictures'],
  [/^vit_s?relpos_|^beit(v2)?_/, 'adds numbers for relative positions to its attention'],
  [/_dinov3|_rope|^vit_pe_|^eva02_/, 'rotates queries and keys by their positions'],
  [/^eva_giant_/, "is of timm's class Eva"],
  [
    /^vit_\w+_(r\d*_s\d+|resnet|mci_)|^vitamin_|^mobilevit|^fastvit|^levit|^visformer|^cvt|^coat/,
    'is a hybrid of convolutions and attention',
  ],
  [/^naflexvit_|_naflex/, 'takes patches of pictures of any shape'],
  [/^swin|^maxx?vit|^samvit_|^sam_|^hiera|^gcvit|^twins_|^davit|^nest_|^jx_nest/, 'attends within windows'],
  [
    /^pvt_|^mvitv2|^pit_|^crossvit|^tnt_|^volo_|^edgenext|^efficientformer|^focalnet/,
    'has stages or branches of tokens of several sizes',
  ],
  [/^cait_/, 'mixes its heads and adds the class token behind the blocks'],
  [/^xcit_/, 'attends to channels instead of tokens'],
  [/^(g?mixer|resmlp|gmlp|poolformer|convmixer|mambaout)/, 'has no attention'],
  [
    /^(legacy_)?(se_?)?(convnext|convformer|resnet|resnext|resnest|res2ne|regnet|efficientnet|tf_|mobilenet|densenet|vgg|inception|xception|nfnet|dm_nfnet|repvgg|mnasnet|hrnet|rexnet|ghostnet|wide_resnet|dpn|dla|darknet|cspnet|csp)/,
    'is a convolutional network',
  ],
];
