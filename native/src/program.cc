#include "program.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

namespace vitrine {
namespace {

using Clock = std::chrono::steady_clock;

std::unique_ptr<Operation> makeOperation(const Step& step, const Kernels& kernels, const Pool& pool,
                                         const Constants& constants) {
  switch (step.kind) {
    case StepKind::map:
      return makeMap(step);
    case StepKind::reduce:
      return makeReduce(step);
    case StepKind::matmul:
      return makeMatmul(step, kernels, pool, constants);
    case StepKind::largestMask:
      return makeLargestMask(step);
    case StepKind::softmax:
    case StepKind::layerNorm:
    case StepKind::softmaxGradient:
    case StepKind::layerNormGradient:
      return makeRows(step);
  }
  return nullptr;
}

std::vector<Demand> demandsOf(const Plan& plan) {
  std::vector<Demand> demands(plan.sizes.size());
  for (const Step& step : plan.steps) {
    const std::optional<MatrixLayout> right = packedRight(step);
    for (size_t i = 0; i < step.inputs.size(); i++) {
      Demand& demand = demands[step.inputs[i].buffer];
      if (i == 1 && right) {
        demand.packs.push_back(*right);
      } else {
        demand.raw = true;
      }
    }
  }
  for (const Update& update : plan.updates) demands[update.constant].raw = true;
  return demands;
}

}  // namespace

Program::Program(std::shared_ptr<Device> device, Plan plan, Constants constants)
    : device_(std::move(device)),
      plan_(std::move(plan)),
      constants_(std::move(constants)),
      demands_(demandsOf(plan_)) {}

std::vector<size_t> Program::lacking() const {
  std::vector<size_t> result;
  for (size_t i = 0; i < constants_.size(); i++) {
    if (constants_[i] && !constants_[i]->meets(demands_[i])) result.push_back(i);
  }
  return result;
}

ptrdiff_t Program::sizeOf(size_t buffer) const {
  return buffer < constants_.size() && constants_[buffer] ? constants_[buffer]->size() : -1;
}

void Program::give(size_t buffer, const float* values) {
  std::lock_guard<std::mutex> turn(device_->pool.turn());
  constants_[buffer]->take(device_->kernels, device_->pool, demands_[buffer], values);
}

void Program::complete() {
  std::lock_guard<std::mutex> turn(device_->pool.turn());
  // What can be made of numbers that are held as they are was not lacking.
  for (size_t i = 0; i < constants_.size(); i++) {
    if (constants_[i]) constants_[i]->take(device_->kernels, device_->pool, demands_[i], nullptr);
  }
  settled_ = isSettled();
  for (const Part& input : plan_.inputs) inputs_.emplace_back(plan_.rounds * input.size, device_->memory);
  const ptrdiff_t apart = std::min<ptrdiff_t>(roundsApart(), device_->pool.threads());
  rooms_ = makeRooms(std::max<ptrdiff_t>(1, apart));
  makeOperations();
  device_->memory->forget();
}

std::vector<Program::Room> Program::makeRooms(ptrdiff_t count) const {
  std::vector<bool> isInput(plan_.sizes.size());
  for (const Part& input : plan_.inputs) isInput[input.buffer] = true;
  std::vector<size_t> written;
  std::vector<ptrdiff_t> sizes;
  for (size_t i = 0; i < plan_.sizes.size(); i++) {
    if (!constants_[i] && !isInput[i]) written.push_back(i);
  }
  for (ptrdiff_t room = 0; room < count; room++) {
    for (const size_t buffer : written) sizes.push_back(plan_.sizes[buffer]);
  }
  const auto taken = device_->runMemory.take(sizes);
  std::vector<Room> rooms(static_cast<size_t>(count));
  for (size_t number = 0; number < rooms.size(); number++) {
    Room& room = rooms[number];
    const auto first = taken.begin() + static_cast<ptrdiff_t>(number * written.size());
    room.memory.assign(first, first + static_cast<ptrdiff_t>(written.size()));
    room.buffers.resize(plan_.sizes.size());
    for (size_t i = 0; i < plan_.sizes.size(); i++) {
      if (constants_[i]) room.buffers[i] = constants_[i]->raw();
    }
    for (size_t i = 0; i < written.size(); i++) room.buffers[written[i]] = room.memory[i]->data();
  }
  return rooms;
}

ptrdiff_t Program::roundsApart() const {
  const ptrdiff_t threads = device_->pool.threads();
  return threads == 1 ? 0 : plan_.rounds / threads * threads;
}

Program::Operations Program::operationsFor(const Pool& pool) const {
  Operations operations;
  for (const Step& step : plan_.steps) operations.push_back(makeOperation(step, device_->kernels, pool, constants_));
  return operations;
}

void Program::makeOperations() {
  Operations all = operationsFor(device_->pool);
  Operations lone = roundsApart() > 0 ? operationsFor(alone_) : Operations();
  ptrdiff_t shared = 0;
  ptrdiff_t perThread = 0;
  for (const Operations* operations : {&all, &lone}) {
    for (const auto& operation : *operations) {
      shared = std::max(shared, operation->sharedScratch());
      perThread = std::max(perThread, operation->threadScratch());
    }
  }
  // Whole cache lines, so that threads do not write into each other's.
  perThread = (perThread + 15) / 16 * 16;
  std::vector<std::pair<Floats, Floats>> scratch;
  for (size_t i = 0; i < rooms_.size(); i++) {
    // All threads are together in the first room alone.
    const ptrdiff_t threads = i == 0 ? device_->pool.threads() : 1;
    scratch.emplace_back(Floats(shared, device_->memory), Floats(perThread * threads, device_->memory));
  }
  // Nothing fails any more.
  operations_ = std::move(all);
  lone_ = std::move(lone);
  for (size_t i = 0; i < rooms_.size(); i++) {
    std::tie(rooms_[i].scratch, rooms_[i].threadScratch) = std::move(scratch[i]);
  }
  threadScratchSize_ = perThread;
}

bool Program::isSettled() const {
  for (size_t i = 0; i < constants_.size(); i++) {
    if (constants_[i] && !constants_[i]->isSettled(demands_[i])) return false;
  }
  return true;
}

void Program::settle() {
  try {
    for (size_t i = 0; i < constants_.size(); i++) {
      if (constants_[i]) constants_[i]->settle(device_->kernels, device_->pool, demands_[i]);
    }
    makeOperations();
    settled_ = true;
  } catch (const std::bad_alloc&) {
    // Where memory does not suffice for this it runs on as before.
  }
}

void Program::run(const std::vector<float*>& outputs, double* milliseconds) {
  std::lock_guard<std::mutex> turn(device_->pool.turn());
  if (runs_++ == 1 && !settled_) settle();
  for (const auto& operation : operations_) operation->prepare(device_->kernels, device_->pool);
  // Steps of rounds that are under way together could not be told apart by the clock.
  const ptrdiff_t apart = milliseconds == nullptr ? roundsApart() : 0;
  device_->pool.run(apart, [&](ptrdiff_t round, int thread) {
    runRound(round, lone_, alone_, rooms_[static_cast<size_t>(thread)], outputs, nullptr);
  });
  for (ptrdiff_t round = apart; round < plan_.rounds; round++) {
    runRound(round, operations_, device_->pool, rooms_[0], outputs, milliseconds);
  }
  for (const Update& update : plan_.updates) {
    constants_[update.constant]->update(rooms_[0].buffers[update.values.buffer] + update.values.offset);
  }
}

void Program::runRound(ptrdiff_t round, const Operations& operations, Pool& pool, Room& room,
                       const std::vector<float*>& outputs, double* milliseconds) {
  for (size_t i = 0; i < plan_.inputs.size(); i++) {
    room.buffers[plan_.inputs[i].buffer] = inputs_[i].data() + round * plan_.inputs[i].size;
  }
  const Workspace workspace{pool,                device_->kernels,          room.buffers,
                            room.scratch.data(), room.threadScratch.data(), threadScratchSize_};
  for (size_t i = 0; i < operations.size(); i++) {
    const Clock::time_point start = milliseconds == nullptr ? Clock::time_point() : Clock::now();
    operations[i]->run(workspace);
    if (milliseconds == nullptr) continue;
    milliseconds[i] += std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  }
  for (size_t i = 0; i < outputs.size(); i++) {
    const Part& part = plan_.outputs[i];
    const float* from = room.buffers[part.buffer] + part.offset;
    float* to = outputs[i] + round * part.size;
    constexpr ptrdiff_t piece = 1 << 16;
    pool.run(pieces(part.size, piece), [&](ptrdiff_t task, int) {
      const ptrdiff_t start = task * piece;
      std::copy(from + start, from + std::min(part.size, start + piece), to + start);
    });
  }
}

}  // namespace vitrine
