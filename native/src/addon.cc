// What JavaScript sees: a device, constants, and programs that run off the event loop. Written for
// src/backends/native/native.ts alone, which checks what people pass.

#include <nan.h>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <chrono>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>

#include "program.h"
#include "read_blocks.h"
#include "read_plan.h"

namespace vitrine {
namespace {

using v8::Float32Array;
using v8::Local;
using v8::Object;
using v8::Value;
using Arguments = Nan::NAN_METHOD_ARGS_TYPE;

/** Turns C++ exceptions into JavaScript's. */
template <typename Work>
void guarded(Work work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    Nan::ThrowError("not enough memory");
  } catch (const std::exception& error) {
    Nan::ThrowError(error.what());
  }
}

/**
 * How to empty each of the objects that JavaScript holds in this thread of node. When a worker thread comes to its end,
 * no collector runs any more: without this, devices that were not destroyed would keep their memory and threads.
 */
thread_local std::map<void*, std::function<void()>>* held = nullptr;

void letGo(void*) {
  std::map<void*, std::function<void()>>* all = std::exchange(held, nullptr);
  for (const auto& entry : *all) entry.second();
  delete all;
}

/** A JavaScript object that holds a C++ one. */
template <typename Content>
class Handle : public Nan::ObjectWrap {
 public:
  explicit Handle(std::shared_ptr<Content> content) : content_(std::move(content)) {
    held->emplace(this, [this] { content_.reset(); });
  }
  ~Handle() override {
    if (held != nullptr) held->erase(this);
  }

  static std::shared_ptr<Content>& of(Local<Value> value) {
    if (!value->IsObject() || value.As<Object>()->InternalFieldCount() == 0) {
      throw std::runtime_error("not an object of this addon");
    }
    return Nan::ObjectWrap::Unwrap<Handle>(value.As<Object>())->content_;
  }

  static void wrap(Arguments info, std::shared_ptr<Content> content) {
    (new Handle(std::move(content)))->Wrap(info.This());
    info.GetReturnValue().Set(info.This());
  }

 private:
  std::shared_ptr<Content> content_;
};

Local<v8::String> text(const char* characters) { return Nan::New(characters).ToLocalChecked(); }

// Device(threads, kernels | undefined)

void newDevice(Arguments info) {
  guarded([&] {
    const int threads = Nan::To<int32_t>(info[0]).FromJust();
    const Nan::Utf8String name(info[1]);
    const Kernels* kernels = chooseKernels(info[1]->IsString() ? *name : nullptr);
    if (kernels == nullptr) throw std::runtime_error(std::string("this processor cannot run ") + *name);
    Handle<Device>::wrap(info, std::make_shared<Device>(threads, *kernels));
  });
}

/** The name of the kernels that were chosen. */
void deviceKernels(Arguments info) {
  guarded([&] { info.GetReturnValue().Set(text(Handle<Device>::of(info.This())->kernels.name)); });
}

void deviceMemory(Arguments info) {
  guarded([&] {
    const Memory& memory = *Handle<Device>::of(info.This())->memory;
    const Local<Object> result = Nan::New<Object>();
    Nan::Set(result, text("buffers"), Nan::New(static_cast<double>(memory.buffers)));
    Nan::Set(result, text("bytes"), Nan::New(static_cast<double>(memory.bytes)));
    info.GetReturnValue().Set(result);
  });
}

/** foresee(bytes): what constants will soon take is asked for meanwhile; 0: they will not. */
void deviceForesee(Arguments info) {
  guarded([&] {
    const auto bytes = static_cast<size_t>(Nan::To<double>(info[0]).FromJust());
    Memory& memory = *Handle<Device>::of(info.This())->memory;
    if (bytes > 0) {
      memory.foresee(bytes);
    } else {
      memory.forget();
    }
  });
}

/** Floating-point operations a second of one core, in a loop on registers that takes about so many milliseconds. */
void deviceMultiplyAddRate(Arguments info) {
  guarded([&] {
    const Kernels& kernels = Handle<Device>::of(info.This())->kernels;
    const double wanted = Nan::To<double>(info[0]).FromJust();
    const auto start = std::chrono::steady_clock::now();
    double milliseconds = 0.0;
    double operations = 0.0;
    do {
      operations += kernels.multiplyAdds(10000);
      milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    } while (milliseconds < wanted);
    info.GetReturnValue().Set(operations / milliseconds * 1e3);
  });
}

/** Lets go of the threads once no program needs them. */
void deviceDestroy(Arguments info) {
  guarded([&] { Handle<Device>::of(info.This()).reset(); });
}

// Constant(device, size)

void newConstant(Arguments info) {
  guarded([&] {
    const auto size = static_cast<ptrdiff_t>(Nan::To<double>(info[1]).FromJust());
    Handle<Constant>::wrap(info, std::make_shared<Constant>(size, Handle<Device>::of(info[0])->memory));
  });
}

/** Gives the memory back once no program uses the constant, and not when JavaScript's collector finds the time. */
void disposeConstant(Arguments info) {
  guarded([&] { Handle<Constant>::of(info.This()).reset(); });
}

// Program(device, plan); the plan's `constants` are, for each buffer, undefined or a constant

Constants readConstants(Local<Object> plan) {
  const Local<v8::Array> list = getValue(plan, "constants").As<v8::Array>();
  Constants constants(list->Length());
  for (uint32_t i = 0; i < list->Length(); i++) {
    const Local<Value> entry = Nan::Get(list, i).ToLocalChecked();
    if (entry->IsObject()) constants[i] = Handle<Constant>::of(entry);
  }
  return constants;
}

void newProgram(Arguments info) {
  guarded([&] {
    const Local<Object> plan = info[1].As<Object>();
    Handle<Program>::wrap(info, std::make_shared<Program>(Handle<Device>::of(info[0]), readPlan(plan), readConstants(plan)));
  });
}

std::shared_ptr<Program> programOf(Arguments info) {
  const std::shared_ptr<Program> program = Handle<Program>::of(info.This());
  if (!program) throw std::runtime_error("the program was disposed of");
  return program;
}

/** The buffers of constants whose numbers it must be given. */
void lackingConstants(Arguments info) {
  guarded([&] {
    const std::vector<size_t> lacking = programOf(info)->lacking();
    const auto result = Nan::New<v8::Array>(static_cast<int>(lacking.size()));
    for (uint32_t i = 0; i < result->Length(); i++) Nan::Set(result, i, Nan::New(static_cast<double>(lacking[i])));
    info.GetReturnValue().Set(result);
  });
}

/**
 * Work on a thread of libuv's pool. A worker thread of node that comes to its end meanwhile waits for it: the arrays that
 * are read and written must not go before.
 */
class Job : public Nan::AsyncWorker {
 public:
  Job(Nan::Callback* done, const char* name)
      : Nan::AsyncWorker(done, name),
        hook_(node::AddEnvironmentCleanupHook(v8::Isolate::GetCurrent(), waitFor, this)) {}
  ~Job() override { node::RemoveEnvironmentCleanupHook(std::move(hook_)); }

  /** JavaScript hears of it, unless its thread is on its way out. */
  void WorkComplete() override {
    if (over_ == nullptr) Nan::AsyncWorker::WorkComplete();
  }

  void Destroy() override {
    const auto over = over_;
    void* const argument = argument_;
    delete this;
    if (over != nullptr) over(argument);
  }

 private:
  static void waitFor(void* job, void (*over)(void*), void* argument) {
    static_cast<Job*>(job)->over_ = over;
    static_cast<Job*>(job)->argument_ = argument;
  }

  void (*over_)(void*) = nullptr;
  void* argument_ = nullptr;
  node::AsyncCleanupHookHandle hook_;
};

/** A step of making a program ready, off the event loop: packing weights takes a while. */
class Preparation : public Job {
 public:
  Preparation(Nan::Callback* done, std::function<void()> work) : Job(done, "vitrine:prepare"), work_(std::move(work)) {}

  void Execute() override {
    try {
      work_();
    } catch (const std::bad_alloc&) {
      SetErrorMessage("not enough memory");
    } catch (const std::exception& error) {
      SetErrorMessage(error.what());
    }
    // What it refers to may go now, and not when JavaScript has heard of it.
    work_ = nullptr;
  }

 private:
  std::function<void()> work_;
};

/** give(numbers: { buffer, values, transfer }[], done(error | undefined)) */
void giveNumbers(Arguments info) {
  guarded([&] {
    const std::shared_ptr<Program> program = programOf(info);
    const Local<v8::Array> list = info[0].As<v8::Array>();
    std::vector<std::pair<size_t, const float*>> numbers;
    std::vector<Local<v8::ArrayBuffer>> transferred;
    for (uint32_t i = 0; i < list->Length(); i++) {
      const Local<Object> entry = Nan::Get(list, i).ToLocalChecked().As<Object>();
      const auto buffer = static_cast<size_t>(Nan::To<double>(getValue(entry, "buffer")).FromJust());
      const Local<Value> array = getValue(entry, "values");
      const Nan::TypedArrayContents<float> values(array);
      const ptrdiff_t size = program->sizeOf(buffer);
      if (static_cast<ptrdiff_t>(values.length()) != size) {
        throw std::runtime_error("a constant of " + std::to_string(size) + " numbers was given " +
                                 std::to_string(values.length()));
      }
      numbers.emplace_back(buffer, *values);
      if (Nan::To<bool>(getValue(entry, "transfer")).FromJust()) transferred.push_back(array.As<Float32Array>()->Buffer());
    }
    // After all were looked at: several may be parts of one.
    std::vector<std::shared_ptr<v8::BackingStore>> memory;
    for (const Local<v8::ArrayBuffer>& buffer : transferred) {
      if (!buffer->IsDetachable()) continue;
      memory.push_back(buffer->GetBackingStore());
      buffer->Detach(Local<Value>()).FromJust();
    }
    auto* work = new Preparation(new Nan::Callback(info[1].As<v8::Function>()), [program, numbers, memory] {
      for (const auto& [buffer, values] : numbers) program->give(buffer, values);
    });
    // The other arrays are read meanwhile; their memory stays for as long as something refers to them.
    work->SaveToPersistent("numbers", list);
    Nan::AsyncQueueWorker(work);
  });
}

/** complete(done(error | undefined)) */
void completeProgram(Arguments info) {
  guarded([&] {
    const std::shared_ptr<Program> program = programOf(info);
    auto* done = new Nan::Callback(info[0].As<v8::Function>());
    Nan::AsyncQueueWorker(new Preparation(done, [program] { program->complete(); }));
  });
}

/** Gives the memory back, at the end of a run that is under way. */
void disposeProgram(Arguments info) {
  guarded([&] { Handle<Program>::of(info.This()).reset(); });
}

/** A run, on a thread of libuv's pool that leads the device's own. */
class Run : public Job {
 public:
  Run(Nan::Callback* done, std::shared_ptr<Program> program, Local<Value> times)
      : Job(done, "vitrine:run"), program_(std::move(program)), blocks_(program_->device().results) {
    const Plan& plan = program_->plan();
    for (const Part& output : plan.outputs) {
      blocks_.add(static_cast<size_t>(plan.rounds * output.size) * sizeof(float));
    }
    if (!times->IsFloat64Array()) return;
    // The array's memory stays where it is for as long as something refers to it.
    SaveToPersistent("times", times);
    Nan::TypedArrayContents<double> array(times);
    milliseconds_ = *array;
  }

  void Execute() override {
    try {
      std::vector<float*> outputs;
      for (const ResultPool::Block& block : blocks_.all()) outputs.push_back(static_cast<float*>(block.data));
      program_->run(outputs, milliseconds_);
    } catch (const std::exception& error) {
      SetErrorMessage(error.what());
    }
    program_.reset();
  }

  void HandleOKCallback() override {
    Nan::HandleScope scope;
    const std::vector<ResultPool::Block> blocks = blocks_.release();
    const auto outputs = Nan::New<v8::Array>(static_cast<int>(blocks.size()));
    for (uint32_t i = 0; i < outputs->Length(); i++) Nan::Set(outputs, i, arrayOn(blocks[i]));
    Local<Value> arguments[] = {Nan::Undefined(), outputs};
    callback->Call(2, arguments, async_resource);
  }

 private:
  /** An array whose memory finds its way back to the pool when it is collected. */
  Local<Float32Array> arrayOn(const ResultPool::Block& block) const {
    struct Way {
      std::shared_ptr<ResultPool> pool;
      ResultPool::Block block;
    };
    auto store = v8::ArrayBuffer::NewBackingStore(
        block.data, block.bytes,
        [](void*, size_t, void* data) {
          const std::unique_ptr<Way> way(static_cast<Way*>(data));
          way->pool->giveBack(way->block);
        },
        new Way{blocks_.pool(), block});
    const auto buffer = v8::ArrayBuffer::New(v8::Isolate::GetCurrent(), std::move(store));
    return Float32Array::New(buffer, 0, block.bytes / sizeof(float));
  }

  std::shared_ptr<Program> program_;
  ResultBlocks blocks_;
  double* milliseconds_ = nullptr;
};

/** run(inputs, times | undefined, done(error | undefined, outputs)) */
void runProgram(Arguments info) {
  guarded([&] {
    const std::shared_ptr<Program> program = programOf(info);
    const Local<v8::Array> inputs = info[0].As<v8::Array>();
    for (uint32_t i = 0; i < inputs->Length(); i++) {
      const Nan::TypedArrayContents<float> values(Nan::Get(inputs, i).ToLocalChecked());
      const ptrdiff_t size = program->plan().rounds * program->plan().inputs[i].size;
      if (static_cast<ptrdiff_t>(values.length()) != size) throw std::runtime_error("an input has the wrong size");
      std::copy(*values, *values + size, program->input(i));
    }
    Nan::AsyncQueueWorker(new Run(new Nan::Callback(info[2].As<v8::Function>()), program, info[1]));
  });
}

/** fewArenas(): so few that threads do not each keep what others could use. Other C libraries see to that themselves. */
void fewArenas(Arguments) {
#if defined(__GLIBC__)
  mallopt(M_ARENA_MAX, 2);
#endif
}

/** Of all threads of node: what one read may be taken over in another. */
ReadBlocks& readBlocks() {
  static ReadBlocks* const blocks = new ReadBlocks();
  return *blocks;
}

/** bytes(size): in large pages, to be filled; what they hold before is anything. */
void newBytes(Arguments info) {
  guarded([&] {
    const auto size = static_cast<size_t>(Nan::To<double>(info[0]).FromJust());
    auto block = std::make_unique<ReadBlocks::Block>(readBlocks().take(size));
    void* const data = block->pages->data();
    auto store = v8::ArrayBuffer::NewBackingStore(
        data, size,
        [](void*, size_t, void* own) {
          const std::unique_ptr<ReadBlocks::Block> block(static_cast<ReadBlocks::Block*>(own));
          readBlocks().giveBack(std::move(*block));
        },
        block.release());
    info.GetReturnValue().Set(v8::ArrayBuffer::New(v8::Isolate::GetCurrent(), std::move(store)));
  });
}

void exportClass(Local<Object> exports, const char* name, Nan::FunctionCallback construct,
                 std::initializer_list<std::pair<const char*, Nan::FunctionCallback>> methods) {
  const Local<v8::FunctionTemplate> constructor = Nan::New<v8::FunctionTemplate>(construct);
  constructor->SetClassName(text(name));
  constructor->InstanceTemplate()->SetInternalFieldCount(1);
  for (const auto& method : methods) Nan::SetPrototypeMethod(constructor, method.first, method.second);
  Nan::Set(exports, text(name), Nan::GetFunction(constructor).ToLocalChecked());
}

template <size_t count>
void exportNames(Local<Object> names, const char* property, const char* const (&list)[count]) {
  const auto array = Nan::New<v8::Array>(static_cast<int>(count));
  for (uint32_t i = 0; i < count; i++) Nan::Set(array, i, text(list[i]));
  Nan::Set(names, text(property), array);
}

/** What a plan may name, for JavaScript to compare with its own lists. */
void exportAllNames(Local<Object> exports) {
  const Local<Object> names = Nan::New<Object>();
  exportNames(names, "functions", functionNames);
  exportNames(names, "reductions", reductionNames);
  exportNames(names, "made", madeNames);
  exportNames(names, "activations", activationNames);
  exportNames(names, "steps", stepNames);
  Nan::Set(exports, text("names"), names);
}

/** Node unloads an addon at the end of the last worker thread that uses it, but results may outlive that thread. */
void stayLoaded() {
#if defined(_WIN32)
  HMODULE module;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                     reinterpret_cast<LPCWSTR>(&stayLoaded), &module);
#else
  Dl_info here;
  if (dladdr(reinterpret_cast<void*>(&stayLoaded), &here) != 0) dlopen(here.dli_fname, RTLD_LAZY | RTLD_NODELETE);
#endif
}

/** Keeps no state outside the objects it makes, so every worker thread may load it. */
NAN_MODULE_INIT(initialize) {
  stayLoaded();
  held = new std::map<void*, std::function<void()>>();
  node::AddEnvironmentCleanupHook(v8::Isolate::GetCurrent(), letGo, nullptr);
  exportClass(target, "Device", newDevice,
              {{"kernels", deviceKernels},
               {"memory", deviceMemory},
               {"foresee", deviceForesee},
               {"multiplyAddRate", deviceMultiplyAddRate},
               {"destroy", deviceDestroy}});
  exportClass(target, "Constant", newConstant, {{"dispose", disposeConstant}});
  exportClass(target, "Program", newProgram,
              {{"lacking", lackingConstants},
               {"give", giveNumbers},
               {"complete", completeProgram},
               {"run", runProgram},
               {"dispose", disposeProgram}});
  Nan::SetMethod(target, "bytes", newBytes);
  Nan::SetMethod(target, "fewArenas", fewArenas);
  exportAllNames(target);
}

}  // namespace

NAN_MODULE_WORKER_ENABLED(vitrine, initialize)

}  // namespace vitrine
