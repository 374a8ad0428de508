#include "read_plan.h"

#include <stdexcept>
#include <string>

namespace vitrine {
namespace {

using v8::Local;
using v8::Object;
using v8::Value;

double getNumber(Local<Object> object, const char* name) {
  const Local<Value> value = getValue(object, name);
  if (!value->IsNumber()) throw std::runtime_error(std::string("plan: ") + name + " is not a number");
  return Nan::To<double>(value).FromJust();
}

ptrdiff_t getWhole(Local<Object> object, const char* name) {
  return static_cast<ptrdiff_t>(getNumber(object, name));
}

bool getFlag(Local<Object> object, const char* name) { return Nan::To<bool>(getValue(object, name)).FromJust(); }

/** The position of a text among names. */
template <size_t count>
int getName(Local<Object> object, const char* property, const char* const (&names)[count]) {
  const Nan::Utf8String text(getValue(object, property));
  for (size_t i = 0; i < count; i++) {
    if (*text != nullptr && std::string(names[i]) == *text) return static_cast<int>(i);
  }
  throw std::runtime_error(std::string("plan: unknown ") + property + " " + (*text ? *text : ""));
}

template <typename Visit>
void forEach(Local<Object> object, const char* name, Visit visit) {
  const Local<Value> value = getValue(object, name);
  if (!value->IsArray()) throw std::runtime_error(std::string("plan: ") + name + " is not a list");
  const Local<v8::Array> list = value.As<v8::Array>();
  for (uint32_t i = 0; i < list->Length(); i++) {
    Nan::HandleScope scope;
    visit(Nan::Get(list, i).ToLocalChecked());
  }
}

std::vector<ptrdiff_t> getWholes(Local<Object> object, const char* name) {
  std::vector<ptrdiff_t> result;
  forEach(object, name, [&](Local<Value> value) {
    result.push_back(static_cast<ptrdiff_t>(Nan::To<double>(value).FromMaybe(0.0)));
  });
  return result;
}

View readView(Local<Object> object) {
  View view;
  view.buffer = static_cast<size_t>(getWhole(object, "buffer"));
  view.shape = getWholes(object, "shape");
  view.strides = getWholes(object, "strides");
  view.offset = getWhole(object, "offset");
  return view;
}

Part readPart(Local<Object> object) {
  return {static_cast<size_t>(getWhole(object, "buffer")), getWhole(object, "offset"), getWhole(object, "size")};
}

Step readStep(Local<Object> object) {
  Step step;
  step.kind = static_cast<StepKind>(getName(object, "kind", stepNames));
  forEach(object, "inputs", [&](Local<Value> input) { step.inputs.push_back(readView(input.As<Object>())); });
  step.output = readView(getObject(object, "output"));
  switch (step.kind) {
    case StepKind::map:
      step.function = static_cast<Function>(getName(object, "function", functionNames));
      break;
    case StepKind::reduce:
      step.reduction = static_cast<Reduction>(getName(object, "function", reductionNames));
      step.made = static_cast<Made>(getName(object, "made", madeNames));
      step.kept = static_cast<size_t>(getWhole(object, "kept"));
      break;
    case StepKind::layerNorm:
    case StepKind::layerNormGradient:
      step.epsilon = static_cast<float>(getNumber(object, "epsilon"));
      break;
    case StepKind::largestMask:
      step.discarded = getWhole(object, "discarded");
      break;
    case StepKind::matmul: {
      const Local<Object> epilogue = getObject(object, "epilogue");
      step.scale = static_cast<float>(getNumber(epilogue, "scale"));
      step.bias = getFlag(epilogue, "bias");
      step.residual = getFlag(epilogue, "residual");
      step.softmax = getFlag(epilogue, "softmax");
      step.activation = static_cast<Activation>(getName(epilogue, "activation", activationNames));
      break;
    }
    case StepKind::softmax:
    case StepKind::softmaxGradient:
      break;
  }
  return step;
}

}  // namespace

Local<Value> getValue(Local<Object> object, const char* name) {
  return Nan::Get(object, Nan::New(name).ToLocalChecked()).ToLocalChecked();
}

Local<Object> getObject(Local<Object> object, const char* name) {
  const Local<Value> value = getValue(object, name);
  if (!value->IsObject()) throw std::runtime_error(std::string("plan: ") + name + " is missing");
  return value.As<Object>();
}

Plan readPlan(Local<Object> object) {
  Plan plan;
  plan.rounds = getWhole(object, "rounds");
  plan.sizes = getWholes(object, "sizes");
  forEach(object, "steps", [&](Local<Value> step) { plan.steps.push_back(readStep(step.As<Object>())); });
  forEach(object, "inputs", [&](Local<Value> input) { plan.inputs.push_back(readPart(input.As<Object>())); });
  forEach(object, "outputs", [&](Local<Value> output) { plan.outputs.push_back(readPart(output.As<Object>())); });
  forEach(object, "updates", [&](Local<Value> update) {
    const Local<Object> values = update.As<Object>();
    plan.updates.push_back({static_cast<size_t>(getWhole(values, "constant")), readPart(values)});
  });
  return plan;
}

}  // namespace vitrine
