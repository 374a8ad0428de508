#!/usr/bin/env bash
# Builds and runs the check of the C++ backend, native/test, without Node.
#
#   bash native/check.sh [plain|address|thread|wide|neon|avx512 ...]
#
#   plain    with -O2 (the kernels with -O3, as they ship), every set of kernels that this processor has
#   address  with AddressSanitizer and UndefinedBehaviorSanitizer
#   thread   with ThreadSanitizer
#   wide     the portable kernels with registers of 16 floats: the paths of AVX-512 on any processor
#   neon     the NEON kernels, for 64-bit ARM, under qemu
#   avx512   the AVX-512 kernels on a processor that Bochs emulates; see native/test/emulator/avx512.sh
#
# All but the last without arguments. SEED=N repeats a run, PERCENT=N changes the number of cases,
# ARGUMENTS="group=products" adds arguments of the program. Compilers: CXX (g++), CXX_NEON (aarch64-linux-gnu-g++).
set -euo pipefail
cd "$(dirname "$0")"

cxx=${CXX:-g++}
jobs=${JOBS:-2}
sources=(src/constants.cc src/cpu.cc src/pool.cc src/program.cc src/steps/*.cc test/*.cc)
common=(-std=c++17 -ffp-contract=off -Wall -Wextra -Werror=switch -pthread)

# Not in native/build, which node-gyp clears.
# build FOLDER COMPILER ARCHITECTURE FLAGS...: test/build/FOLDER/check
build() {
  local folder=test/build/$1 compiler=$2 architecture=$3
  shift 3
  rm -rf "$folder"
  mkdir -p "$folder"
  local files=("${sources[@]}" src/kernels/isa_portable.cc)
  case $architecture in
    x86_64) files+=(src/kernels/isa_avx2.cc src/kernels/isa_avx512.cc) ;;
    aarch64 | arm64) files+=(src/kernels/isa_neon.cc) ;;
  esac
  local file
  for file in "${files[@]}"; do
    local flags=("${common[@]}" "$@")
    # The kernels as they ship, unless a sanitizer watches.
    [[ $file != src/kernels/* || $* == *-fsanitize* ]] || flags+=(-O3)
    case $file in
      *isa_avx2.cc) flags+=(-mavx2 -mfma) ;;
      # GCC 12's own header for these instructions sets off that warning.
      *isa_avx512.cc) flags+=(-mavx512f -mfma -Wno-maybe-uninitialized -Wno-uninitialized) ;;
    esac
    printf '%q ' "$compiler" "${flags[@]}" -c "$file" -o "$folder/${file//\//_}.o"
    printf '\0'
  done | xargs -0 -P "$jobs" -I COMMAND sh -c COMMAND
  "$compiler" "${common[@]}" "$@" "$folder"/*.o -o "$folder/check"
}

# run PERCENT COMMAND...: the check, with fewer cases where it is slow
run() {
  local percent=${PERCENT:-$1}
  shift
  "$@" percent="$percent" ${SEED:+seed=$SEED} ${ARGUMENTS:-}
}

check_plain() {
  build plain "$cxx" "$(uname -m)" -O2
  run 100 test/build/plain/check
}

check_address() {
  build address "$cxx" "$(uname -m)" -O1 -g -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all
  run 30 test/build/address/check
}

check_thread() {
  build thread "$cxx" "$(uname -m)" -O1 -g -fsanitize=thread
  TSAN_OPTIONS="halt_on_error=1 ${TSAN_OPTIONS:-}" run 10 test/build/thread/check
}

check_wide() {
  build wide "$cxx" "$(uname -m)" -O2 -DVITRINE_PORTABLE_WIDTH=16
  run 50 test/build/wide/check kernels=portable
}

check_neon() {
  local compiler=${CXX_NEON:-aarch64-linux-gnu-g++}
  local emulator=""
  if [[ $(uname -m) != aarch64 && $(uname -m) != arm64 ]]; then
    emulator=$(command -v qemu-aarch64 || command -v qemu-aarch64-static || true)
    if [[ -z $emulator ]] || ! command -v "$compiler" >/dev/null; then
      echo "not run: neon; on Debian, apt-get install g++-aarch64-linux-gnu qemu-user-static" >&2
      return
    fi
  else
    compiler=$cxx
  fi
  build neon "$compiler" aarch64 -O2 -static
  run 10 $emulator test/build/neon/check
}

check_avx512() {
  build avx512 "$cxx" x86_64 -O2 -static
  local runner=()
  grep -qs avx512f /proc/cpuinfo || runner=(bash test/emulator/avx512.sh)
  # The emulated processor's random numbers are always the same.
  SEED=${SEED:-$RANDOM$RANDOM} run 20 "${runner[@]}" test/build/avx512/check kernels=avx512
}

kinds=("$@")
[[ $# -gt 0 ]] || kinds=(plain address thread wide neon)
for kind in "${kinds[@]}"; do
  declare -F "check_$kind" >/dev/null || { sed -n '2,16s/^# \{0,1\}//p' "check.sh" >&2; exit 2; }
  echo "== $kind"
  start=$SECONDS
  "check_$kind"
  echo "== $kind: $((SECONDS - start)) s with building"
done
