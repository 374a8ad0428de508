// Compares the C++ backend, without Node, with plain loops in double precision.
//
//   check [seed=N] [kernels=NAME] [percent=N] [group=NAME]
//
// Runs every set of kernels that this processor has, or the named one, with a fresh seed or the given one, and the
// given percentage of the usual number of cases. Exits with 1 if anything is wrong.

#include "check.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

namespace vitrine {
namespace check {

uint64_t Random::next() {
  uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

double Random::uniform(double low, double high) {
  return low + (high - low) * static_cast<double>(next() >> 11) / 9007199254740992.0;
}

double unitAt(double x) {
  const float at = static_cast<float>(std::fabs(x));
  if (!std::isfinite(at)) return std::numeric_limits<float>::infinity();
  const float next = std::nextafter(at, std::numeric_limits<float>::infinity());
  return std::isfinite(next) ? static_cast<double>(next) - at : std::ldexp(1.0, 104);
}

void Tally::compare(double actual, Expected expected, const std::string& what, size_t at) {
  checks_++;
  if (std::isnan(expected.value) && std::isnan(actual)) return;
  if (expected.value == actual) return;
  const double error = std::fabs(actual - expected.value);
  if (error <= expected.allowed) {
    worstError_ = std::max(worstError_, error / std::max(1.0, std::fabs(expected.value)));
    worstShare_ = std::max(worstShare_, error / expected.allowed);
    return;
  }
  char text[160];
  std::snprintf(text, sizeof text, ": element %zu is %.9g, not %.9g within %.2g", at, actual, expected.value,
                expected.allowed);
  fail(what + text);
}

void Tally::require(bool holds, const std::string& what) {
  checks_++;
  if (!holds) fail(what);
}

void Tally::fail(const std::string& message) {
  if (failures_++ < 8) std::printf("FAILED %s\n", message.c_str());
}

void Tally::print(const std::string& group, const std::string& kernels) const {
  std::printf("%-14s %-9s %9zu checks, worst error %.2g, %.2g of what is allowed", group.c_str(), kernels.c_str(),
              checks_, worstError_, worstShare_);
  if (failed()) std::printf(", %zu FAILED", failures_);
  std::printf("\n");
  std::fflush(stdout);
}

void Case::complete() {
  plan.sizes.clear();
  plan.inputs.clear();
  plan.outputs.clear();
  for (size_t i = 0; i < contents.size(); i++) {
    const auto size = static_cast<ptrdiff_t>(contents[i].size());
    plan.sizes.push_back(constant[i] ? 0 : size);
    if (constant[i]) continue;
    plan.inputs.push_back({i, 0, size});
    plan.outputs.push_back({i, 0, size});
  }
}

LoadedCase::LoadedCase(const Case& item, std::shared_ptr<Device> device,
                       Constants constants)
    : item_(item), constants_(std::move(constants)) {
  constants_.resize(item.contents.size());
  for (size_t i = 0; i < item.contents.size(); i++) {
    if (!item.constant[i] || constants_[i]) continue;
    constants_[i] = std::make_shared<Constant>(static_cast<ptrdiff_t>(item.contents[i].size()), device->memory);
  }
  program_ = std::make_unique<Program>(std::move(device), item.plan, constants_);
  for (const size_t buffer : program_->lacking()) {
    // Elsewhere when the program runs: whoever reads what was given meets the sanitizer.
    const std::unique_ptr<float[]> given(new float[item.contents[buffer].size()]);
    std::copy(item.contents[buffer].begin(), item.contents[buffer].end(), given.get());
    program_->give(buffer, given.get());
  }
  program_->complete();
  for (size_t i = 0; i < item.plan.inputs.size(); i++) {
    // What every buffer has to spare of its last cache line would hide from the sanitizer that something overruns it.
    const auto [spare, bytes] = spareOf(i);
    ASAN_POISON_MEMORY_REGION(spare, bytes);
  }
}

LoadedCase::~LoadedCase() {
  // What comes to lie there next knows nothing of it.
  for (size_t i = 0; i < item_.plan.inputs.size(); i++) {
    const auto [spare, bytes] = spareOf(i);
    ASAN_UNPOISON_MEMORY_REGION(spare, bytes);
  }
}

std::pair<const float*, size_t> LoadedCase::spareOf(size_t input) const {
  constexpr size_t line = 64;
  const ptrdiff_t size = item_.plan.rounds * item_.plan.inputs[input].size;
  return {program_->input(input) + size, line - static_cast<size_t>(size) * sizeof(float) % line};
}

std::vector<std::vector<float>> LoadedCase::run() const {
  const Plan& plan = item_.plan;
  std::vector<std::vector<float>> results(item_.contents.size());
  std::vector<float*> outputs;
  for (size_t i = 0; i < plan.inputs.size(); i++) {
    const std::vector<float>& numbers = item_.contents[plan.inputs[i].buffer];
    std::copy(numbers.begin(), numbers.end(), program_->input(i));
  }
  for (const Part& output : plan.outputs) {
    std::vector<float>& result = results[output.buffer];
    result.resize(item_.contents[output.buffer].size());
    outputs.push_back(result.data());
  }
  program_->run(outputs, nullptr);
  return results;
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); i++) {
    if (std::isnan(a[i]) && std::isnan(b[i])) continue;
    if (std::memcmp(&a[i], &b[i], sizeof(float)) != 0) return false;
  }
  return true;
}

bool Group::anyFailed = false;

Group::Group(std::string name, const Options& options)
    : name_(std::move(name)), options_(options), tallies_(options.setups.size()) {}

Group::~Group() {
  for (size_t i = 0; i < tallies_.size(); i++) {
    tallies_[i].print(name_, options_.setups[i].kernels->name);
    anyFailed |= tallies_[i].failed();
  }
}

void Group::check(Case& item, size_t buffer, const std::vector<std::vector<Expected>>& expected) {
  item.complete();
  const size_t runs = item.plan.updates.empty() ? 2 : expected.size();
  for (size_t setup = 0; setup < options_.setups.size(); setup++) {
    Tally& tally = tallies_[setup];
    const std::string what = item.what + " (" + options_.setups[setup].kernels->name + ")";
    std::vector<std::vector<std::vector<float>>> first;
    for (const std::shared_ptr<Device>& device : options_.setups[setup].devices) {
      const LoadedCase program(item, device);
      const std::string threads = " with " + std::to_string(device->pool.threads()) + " threads";
      for (size_t run = 0; run < runs; run++) {
        const std::vector<std::vector<float>> results = program.run();
        const size_t like = item.plan.updates.empty() ? 0 : run;
        if (first.size() <= like) {
          first.push_back(results);
          for (size_t i = 0; i < expected[run].size(); i++) {
            tally.compare(static_cast<double>(results[buffer][i]), expected[run][i], what, i);
          }
          tally.require(results[buffer].size() == expected[run].size(), what + ": the expectation's size");
        }
        for (size_t i = 0; i < results.size(); i++) {
          tally.require(sameBits(results[i], first[like][i]), what + ": other bits" + threads);
        }
      }
    }
  }
}

namespace {

struct NamedGroup {
  const char* name;
  void (*run)(const Options&);
};

const NamedGroup groups[] = {
    {"accuracy", checkAccuracy}, {"maps", checkMaps},         {"reductions", checkReductions},
    {"rows", checkRows},         {"masks", checkMasks},       {"products", checkProducts},
    {"constants", checkConstants}, {"fences", checkFences}, {"concurrency", checkConcurrency},
};

const char* valueOf(const char* argument, const char* name) {
  const size_t length = std::strlen(name);
  return std::strncmp(argument, name, length) == 0 && argument[length] == '=' ? argument + length + 1 : nullptr;
}

void addSetups(Options& options, const char* wanted) {
  for (const char* name : {"avx512", "avx2", "neon", "portable"}) {
    if (wanted != nullptr && std::strcmp(name, wanted) != 0) continue;
    const Kernels* kernels = chooseKernels(name);
    if (kernels == nullptr) {
      std::printf("not run: %s, which this processor lacks\n", name);
      continue;
    }
    Setup setup{kernels, {}};
    for (const int threads : {1, 2, 3, 5}) setup.devices.push_back(std::make_shared<Device>(threads, *kernels));
    options.setups.push_back(setup);
  }
}

}  // namespace

int main(int count, char** arguments) {
  Options options;
  options.seed = std::random_device{}();
  const char* kernels = nullptr;
  const char* wanted = nullptr;
  for (int i = 1; i < count; i++) {
    const char* argument = arguments[i];
    if (const char* seed = valueOf(argument, "seed")) {
      options.seed = std::strtoull(seed, nullptr, 10);
    } else if (const char* percent = valueOf(argument, "percent")) {
      options.percent = std::atoi(percent);
    } else if (const char* name = valueOf(argument, "kernels")) {
      kernels = name;
    } else if (const char* group = valueOf(argument, "group")) {
      wanted = group;
    } else {
      std::printf("usage: check [seed=N] [kernels=NAME] [percent=N] [group=NAME]\n");
      return 2;
    }
  }
  std::printf("seed=%llu percent=%d\n", static_cast<unsigned long long>(options.seed), options.percent);
  addSetups(options, kernels);
  if (options.setups.empty()) return 1;
  const auto start = std::chrono::steady_clock::now();
  for (const NamedGroup& group : groups) {
    if (wanted == nullptr || std::strcmp(wanted, group.name) == 0) group.run(options);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%s in %.1f s\n", Group::anyFailed ? "FAILED" : "all well", seconds);
  return Group::anyFailed ? 1 : 0;
}

}  // namespace check
}  // namespace vitrine

int main(int count, char** arguments) { return vitrine::check::main(count, arguments); }
