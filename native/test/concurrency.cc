// Programs that run at the same time, on one device and on several, and the pool of threads by itself.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "product_cases.h"

namespace vitrine {
namespace check {
namespace {

/** A product that takes several tasks, then a softmax and a map of it; the right matrix is a constant. */
Case network(Random& random, ptrdiff_t columns) {
  Case item;
  Step epilogue;
  epilogue.bias = true;
  epilogue.activation = Activation::gelu;
  ProductShape shape{70, 120, columns, {}, true};
  Operands operands;
  operands.constantRight = true;
  operands.number = ordinary(random);
  addProduct(item, random, epilogue, shape, operands);
  const View product = item.plan.steps[0].output;
  Step softmax;
  softmax.kind = StepKind::softmax;
  softmax.inputs = {product};
  softmax.output = addOutput(item, random, product.shape);
  item.plan.steps.push_back(softmax);
  Step map;
  map.function = Function::multiply;
  map.inputs = {product, softmax.output};
  map.output = addOutput(item, random, product.shape);
  item.plan.steps.push_back(map);
  item.complete();
  // What later steps read is nobody else's: it lies in memory that the programs of a device share.
  for (std::vector<Part>* parts : {&item.plan.inputs, &item.plan.outputs}) {
    parts->erase(std::remove_if(parts->begin(), parts->end(),
                                [&](const Part& part) {
                                  return part.buffer == product.buffer || part.buffer == softmax.output.buffer;
                                }),
                 parts->end());
  }
  return item;
}

/** Runs a program over and over; whether the results were always the same. */
bool runsAlike(const LoadedCase& program, const std::vector<std::vector<float>>& expected, int runs) {
  for (int run = 0; run < runs; run++) {
    const std::vector<std::vector<float>> results = program.run();
    for (size_t i = 0; i < results.size(); i++) {
      if (!sameBits(results[i], expected[i])) return false;
    }
  }
  return true;
}

/** A case with what it gives. */
struct Known {
  Case item;
  std::vector<std::vector<float>> expected;
};

/**
 * Threads that each load and run their own programs, all of a case with the same constants: of cases of several sizes, which take over
 * from each other what they write to.
 */
void checkOneDevice(Tally& tally, const std::shared_ptr<Device>& device, const std::vector<Known>& cases, int runs) {
  constexpr int callers = 4;
  std::vector<std::unique_ptr<LoadedCase>> shared;
  for (const Known& known : cases) shared.push_back(std::make_unique<LoadedCase>(known.item, device));
  std::atomic<int> alike{0};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < callers; i++) {
    threads.emplace_back([&, i] {
      // Loading takes turns with the others' runs.
      for (size_t again = 0; again < 2; again++) {
        const size_t number = (i + again) % cases.size();
        const LoadedCase program(cases[number].item, device, shared[number]->constants());
        if (runsAlike(program, cases[number].expected, runs)) alike++;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string kernels = device->kernels.name;
  tally.require(alike == 2 * callers, kernels + ": programs of one device disturb each other");
}

/** Devices that come and go, each on a thread of its own. */
void checkSeveralDevices(Tally& tally, const Kernels& kernels, const Case& item,
                         const std::vector<std::vector<float>>& expected, int runs) {
  std::atomic<int> alike{0};
  std::vector<std::thread> threads;
  for (int i = 1; i <= 3; i++) {
    threads.emplace_back([&, i] {
      for (int again = 0; again < 3; again++) {
        const auto device = std::make_shared<Device>(i, kernels);
        if (runsAlike(LoadedCase(item, device), expected, runs)) alike++;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  tally.require(alike == 9, std::string(kernels.name) + ": devices disturb each other");
}

/** A batch, image by image: what each of them gives in a run of its own, on any number of threads, run after run. */
void checkRounds(Tally& tally, Random& random, const Kernels& kernels, const Case& item, ptrdiff_t rounds) {
  Case batch = item;
  batch.plan.rounds = rounds;
  std::vector<std::vector<float>> expected(item.contents.size());
  for (size_t i = 0; i < item.contents.size(); i++) {
    if (!item.constant[i]) batch.contents[i].clear();
  }
  const auto device = std::make_shared<Device>(1, kernels);
  for (ptrdiff_t round = 0; round < rounds; round++) {
    Case image = item;
    for (size_t i = 0; i < image.contents.size(); i++) {
      if (image.constant[i]) continue;
      for (float& number : image.contents[i]) number = static_cast<float>(random.uniform(-1.0, 1.0));
      batch.contents[i].insert(batch.contents[i].end(), image.contents[i].begin(), image.contents[i].end());
    }
    const std::vector<std::vector<float>> results = LoadedCase(image, device).run();
    for (size_t i = 0; i < results.size(); i++) {
      expected[i].insert(expected[i].end(), results[i].begin(), results[i].end());
    }
  }
  for (const int threads : {1, 2, 3, 4, 7}) {
    const LoadedCase program(batch, std::make_shared<Device>(threads, kernels));
    tally.require(runsAlike(program, expected, 3),
                  std::to_string(rounds) + " rounds on " + std::to_string(threads) + " threads: not what each gives alone");
  }
}

/** Each task once, whether the threads wait awake or asleep, and a thread's number for one thread alone. */
void checkPool(Tally& tally, Random& random, int threads, int rounds) {
  Pool pool(threads);
  std::vector<int> done(200);
  std::vector<std::atomic<int>> inside(static_cast<size_t>(threads));
  std::atomic<bool> well{true};
  for (int round = 0; round < rounds; round++) {
    const ptrdiff_t count = random.below(200);
    done.assign(200, 0);
    pool.run(count, [&](ptrdiff_t task, int thread) {
      if (thread < 0 || thread >= threads || inside[static_cast<size_t>(thread)]++ != 0) well = false;
      done[static_cast<size_t>(task)]++;
      inside[static_cast<size_t>(thread)]--;
    });
    for (ptrdiff_t task = 0; task < 200; task++) {
      if (done[static_cast<size_t>(task)] != (task < count ? 1 : 0)) well = false;
    }
    // About as long as a thread waits before it sleeps, so that all ways of waking are taken.
    if (random.chance(0.3)) std::this_thread::sleep_for(std::chrono::microseconds(random.below(300)));
  }
  tally.require(well, "pool of " + std::to_string(threads) + " threads: a task was left out or done twice");
}

}  // namespace

void checkConcurrency(const Options& options) {
  Random random(options.seed + 9);
  Group group("concurrency", options);
  for (size_t i = 0; i < options.setups.size(); i++) {
    const Setup& setup = options.setups[i];
    std::vector<Known> cases;
    for (const ptrdiff_t columns : {random.pick<ptrdiff_t>({100, 197, 256}), ptrdiff_t{150}, ptrdiff_t{48}}) {
      Case item = network(random, columns);
      auto expected = LoadedCase(item, std::make_shared<Device>(1, *setup.kernels)).run();
      cases.push_back({std::move(item), std::move(expected)});
    }
    const auto& [item, expected] = cases[0];
    for (const std::shared_ptr<Device>& device : setup.devices) {
      checkOneDevice(group.tally(i), device, cases, options.cases(20));
    }
    checkSeveralDevices(group.tally(i), *setup.kernels, item, expected, options.cases(20));
    for (const ptrdiff_t rounds : {2, 5, 8}) checkRounds(group.tally(i), random, *setup.kernels, item, rounds);
  }
  for (const int threads : {1, 2, 3, 5, 16}) checkPool(group.tally(0), random, threads, options.cases(1500));
}

}  // namespace check
}  // namespace vitrine
