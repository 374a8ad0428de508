{
  'target_defaults': {
    'cflags_cc!': ['-std=gnu++14', '-std=gnu++17', '-std=gnu++20', '-fno-exceptions', '-O2'],
    # One rounding for each operation that is written, whatever the compiler: sums must not depend on it.
    'cflags_cc': ['-std=c++17', '-O3', '-ffp-contract=off', '-fexceptions', '-Wall', '-Wextra', '-Werror=switch'],
    'xcode_settings': {
      'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
      'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
      'GCC_OPTIMIZATION_LEVEL': '3',
      'OTHER_CPLUSPLUSFLAGS': ['-ffp-contract=off', '-Werror=switch'],
    },
    'msvs_settings': {
      'VCCLCompilerTool': {'AdditionalOptions': ['/std:c++17', '/fp:precise'], 'ExceptionHandling': 1},
    },
  },
  'targets': [
    {
      'target_name': 'kernels_portable',
      'type': 'static_library',
      'sources': ['src/kernels/isa_portable.cc'],
    },
    {
      'target_name': 'vitrine',
      'sources': [
        'src/addon.cc',
        'src/constants.cc',
        'src/cpu.cc',
        'src/pool.cc',
        'src/program.cc',
        'src/read_plan.cc',
        'src/steps/largest_mask.cc',
        'src/steps/map.cc',
        'src/steps/matmul.cc',
        'src/steps/product_plan.cc',
        'src/steps/reduce.cc',
        'src/steps/rows.cc',
      ],
      'include_dirs': ["<!(node -p \"require('path').dirname(require.resolve('nan'))\")"],
      'cflags_cc': ['-Wno-cast-function-type', '-Wno-unused-parameter'],
      'dependencies': ['kernels_portable'],
      'conditions': [
        ['target_arch=="x64"', {'dependencies': ['kernels_avx2', 'kernels_avx512']}],
        ['target_arch=="arm64"', {'dependencies': ['kernels_neon']}],
      ],
    },
  ],
  'conditions': [
    # A library for each instruction set, compiled for it; which one runs is decided when the addon starts.
    ['target_arch=="x64"', {
      'targets': [
        {
          'target_name': 'kernels_avx2',
          'type': 'static_library',
          'sources': ['src/kernels/isa_avx2.cc'],
          'cflags_cc': ['-mavx2', '-mfma'],
          'xcode_settings': {'OTHER_CPLUSPLUSFLAGS': ['-mavx2', '-mfma']},
          'msvs_settings': {'VCCLCompilerTool': {'EnableEnhancedInstructionSet': '5'}},
        },
        {
          'target_name': 'kernels_avx512',
          'type': 'static_library',
          'sources': ['src/kernels/isa_avx512.cc'],
          # GCC 12's own header for these instructions sets off that warning.
          'cflags_cc': ['-mavx512f', '-mfma', '-Wno-maybe-uninitialized', '-Wno-uninitialized'],
          'xcode_settings': {'OTHER_CPLUSPLUSFLAGS': ['-mavx512f', '-mfma']},
          'msvs_settings': {'VCCLCompilerTool': {'AdditionalOptions': ['/arch:AVX512']}},
        },
      ],
    }],
    ['target_arch=="arm64"', {
      'targets': [
        {
          'target_name': 'kernels_neon',
          'type': 'static_library',
          'sources': ['src/kernels/isa_neon.cc'],
        },
      ],
    }],
  ],
}
