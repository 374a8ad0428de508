// Reads a plan from the JavaScript object that src/backends/native/native.ts makes of it.
#pragma once

#include <nan.h>

#include "operation.h"

namespace vitrine {

/** @throws std::runtime_error if a property is missing or has an unknown value */
Plan readPlan(v8::Local<v8::Object> plan);

/** `object[name]`, which must be an object. */
v8::Local<v8::Object> getObject(v8::Local<v8::Object> object, const char* name);
v8::Local<v8::Value> getValue(v8::Local<v8::Object> object, const char* name);

}  // namespace vitrine
