// What all groups of checks share: random numbers, comparisons, and runs on every set of kernels.
//
// Nothing here knows how the engine works: a case is a plan, the numbers in its buffers, and what should lie in one of
// them afterwards, computed in double precision by loops that are too plain to be wrong.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../src/program.h"

namespace vitrine {
namespace check {

/** Splitmix64: the same numbers from the same seed everywhere. */
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next();
  /** A whole number from 0 to `bound - 1`. */
  ptrdiff_t below(ptrdiff_t bound) { return static_cast<ptrdiff_t>(next() % static_cast<uint64_t>(bound)); }
  ptrdiff_t between(ptrdiff_t low, ptrdiff_t high) { return low + below(high - low + 1); }
  double uniform(double low, double high);
  bool chance(double probability) { return uniform(0.0, 1.0) < probability; }
  template <typename Item>
  Item pick(const std::vector<Item>& items) {
    return items[static_cast<size_t>(below(static_cast<ptrdiff_t>(items.size())))];
  }

 private:
  uint64_t state_;
};

/** What a number should be, and how far it may be from that. Not a number matches any of its kind. */
struct Expected {
  double value = 0.0;
  double allowed = 0.0;
};

/** Half a unit in the last place of 1: the relative error of one rounding. */
constexpr double rounding = 1.0 / (1 << 24);

/** The distance between float32 numbers about x. */
double unitAt(double x);

/** Counts the checks of one group on one set of kernels and remembers the worst. */
class Tally {
 public:
  void compare(double actual, Expected expected, const std::string& what, size_t at);
  void require(bool holds, const std::string& what);
  /**
   * One line: the number of checks, the worst error (of numbers beyond 1: in proportion), and the largest share of what
   * was allowed.
   */
  void print(const std::string& group, const std::string& kernels) const;
  bool failed() const { return failures_ > 0; }

 private:
  void fail(const std::string& message);

  size_t checks_ = 0;
  size_t failures_ = 0;
  double worstError_ = 0.0;
  double worstShare_ = 0.0;
};

/** A plan and the numbers that its buffers start with. */
struct Case {
  std::string what;
  Plan plan;
  std::vector<std::vector<float>> contents;
  std::vector<bool> constant;

  size_t add(std::vector<float> numbers, bool isConstant = false) {
    contents.push_back(std::move(numbers));
    constant.push_back(isConstant);
    return contents.size() - 1;
  }
  /** Sizes, and every buffer that is no constant as an input and an output: filled before a run and read after it. */
  void complete();
};

/** A case's program together with its constants. */
class LoadedCase {
 public:
  /** @param item which outlives it */
  LoadedCase(const Case& item, std::shared_ptr<Device> device, Constants constants = {});
  ~LoadedCase();

  /** Fills all inputs, runs, and returns what the outputs hold then; nothing for other buffers. */
  std::vector<std::vector<float>> run() const;
  const Constants& constants() const { return constants_; }

 private:
  /** What the memory of an input has beyond it, and how many bytes. */
  std::pair<const float*, size_t> spareOf(size_t input) const;

  const Case& item_;
  Constants constants_;
  std::unique_ptr<Program> program_;
};

/** A set of kernels on devices with different numbers of threads. */
struct Setup {
  const Kernels* kernels;
  /** The first has one thread. */
  std::vector<std::shared_ptr<Device>> devices;
};

struct Options {
  uint64_t seed = 0;
  /** Of the usual number of cases. */
  int percent = 100;
  std::vector<Setup> setups;

  int cases(int usual) const { return usual * percent / 100 > 0 ? usual * percent / 100 : 1; }
};

/** A group of cases. Prints its lines when it ends. */
class Group {
 public:
  Group(std::string name, const Options& options);
  ~Group();

  /**
   * Runs a case on every setup, compares one buffer with what is expected of the first run, of the second and so on,
   * and requires the same bits from any number of threads and, unless the plan makes updates, from a run repeated.
   */
  void check(Case& item, size_t buffer, const std::vector<std::vector<Expected>>& expected);
  Tally& tally(size_t setup) { return tallies_[setup]; }
  const std::string& name() const { return name_; }
  static bool anyFailed;

 private:
  std::string name_;
  const Options& options_;
  std::vector<Tally> tallies_;
};

/** Whether both hold the same bits; which bits stand for "not a number" does not count. */
bool sameBits(const std::vector<float>& a, const std::vector<float>& b);

// The groups, each in the file of its name.
void checkAccuracy(const Options& options);
void checkConcurrency(const Options& options);
void checkConstants(const Options& options);
void checkFences(const Options& options);
void checkMaps(const Options& options);
void checkMasks(const Options& options);
void checkProducts(const Options& options);
void checkReductions(const Options& options);
void checkRows(const Options& options);

}  // namespace check
}  // namespace vitrine
