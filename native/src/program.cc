#include "program.h"

#include <algorithm>
#include <chrono>

namespace vitrine {
namespace {

using Clock = std::chrono::steady_clock;

std::unique_ptr<Operation> makeOperation(const Step& step, Device& device, const Constants& constants) {
  switch (step.kind) {
    case StepKind::map:
      return makeMap(step);
    case StepKind::reduce:
      return makeReduce(step);
    case StepKind::matmul:
      return makeMatmul(step, device.kernels, device.pool, constants);
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
  makeOperations();
  for (size_t i = 0; i < plan_.sizes.size(); i++) {
    if (constants_[i]) {
      buffers_.push_back(constants_[i]->raw());
    } else {
      memory_.emplace_back(plan_.sizes[i], device_->memory);
      buffers_.push_back(memory_.back().data());
    }
  }
  device_->memory->forget();
}

void Program::makeOperations() {
  std::vector<std::unique_ptr<Operation>> operations;
  for (const Step& step : plan_.steps) operations.push_back(makeOperation(step, *device_, constants_));
  ptrdiff_t shared = 0;
  ptrdiff_t perThread = 0;
  for (const auto& operation : operations) {
    shared = std::max(shared, operation->sharedScratch());
    perThread = std::max(perThread, operation->threadScratch());
  }
  // Whole cache lines, so that threads do not write into each other's.
  perThread = (perThread + 15) / 16 * 16;
  Floats scratch(shared, device_->memory);
  Floats threadScratch(perThread * device_->pool.threads(), device_->memory);
  // Nothing fails any more.
  operations_ = std::move(operations);
  scratch_ = std::move(scratch);
  threadScratch_ = std::move(threadScratch);
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
  const Workspace workspace{device_->pool,         device_->kernels,      buffers_,
                            scratch_.data(), threadScratch_.data(), threadScratchSize_};
  for (size_t i = 0; i < operations_.size(); i++) {
    const Clock::time_point start = milliseconds == nullptr ? Clock::time_point() : Clock::now();
    operations_[i]->run(workspace);
    if (milliseconds == nullptr) continue;
    milliseconds[i] = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  }
  for (size_t i = 0; i < outputs.size(); i++) {
    const Part& part = plan_.outputs[i];
    constexpr ptrdiff_t piece = 1 << 16;
    device_->pool.run(pieces(part.size, piece), [&](ptrdiff_t task, int) {
      const float* from = at(part) + task * piece;
      std::copy(from, from + std::min(piece, part.size - task * piece), outputs[i] + task * piece);
    });
  }
  for (const Update& update : plan_.updates) constants_[update.constant]->update(at(update.values));
}

}  // namespace vitrine
