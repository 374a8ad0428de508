// Constants: packed, as they are, both; taking over new numbers; shared by programs.

#include "product_cases.h"

namespace vitrine {
namespace check {
namespace {

/** The constant's numbers halved, for as many products as there are runs. */
std::vector<std::vector<Expected>> halvedEachRun(Case item, const Step& product, size_t constant, size_t runs) {
  std::vector<std::vector<Expected>> expected;
  for (size_t run = 0; run < runs; run++) {
    expected.push_back(around(item, product.output, productOf(item, product)));
    for (float& number : item.contents[constant]) number *= 0.5f;
  }
  return expected;
}

/** A step that halves all of a constant, and the update that makes the constant take the result over. */
void addHalving(Case& item, size_t constant) {
  const auto size = static_cast<ptrdiff_t>(item.contents[constant].size());
  const size_t half = item.add({0.5f});
  const size_t next = item.add(std::vector<float>(item.contents[constant].size(), untouched));
  Step step;
  step.function = Function::multiply;
  step.inputs = {{constant, {size}, {1}, 0}, {half, {size}, {0}, 0}};
  step.output = {next, {size}, {1}, 0};
  item.plan.steps.push_back(step);
  item.plan.updates.push_back({constant, {next, 0, size}});
}

/** A product whose operands are constants that change with each run. */
void checkUpdates(Group& group, Random& random, const ProductShape& shape, Lie lie, bool batched) {
  Case item;
  Operands operands;
  operands.right = lie;
  operands.constantRight = true;
  operands.number = ordinary(random);
  ProductShape own = shape;
  own.oneRight = !batched;
  addProduct(item, random, anyEpilogue(random), own, operands);
  const Step product = item.plan.steps[0];
  const size_t constant = product.inputs[1].buffer;
  // What lies between the elements would make every number of the update unequal.
  for (float& number : item.contents[constant]) number = number == number ? number : 7.0f;
  addHalving(item, constant);
  item.what = std::string("updated constant") + (batched ? ", a batch" : "") + describe(item);
  group.check(item, product.output.buffer, halvedEachRun(item, product, constant, 3));
}

/** Two products that read one constant in two ways, and a step that reads it as it is. */
void checkSeveralReaders(Group& group, Random& random, ptrdiff_t size) {
  Case item;
  ProductShape shape;
  shape.rows = shape.depth = shape.columns = size;
  Operands operands;
  operands.constantRight = true;
  operands.number = ordinary(random);
  addProduct(item, random, anyEpilogue(random), shape, operands);
  Step transposed = item.plan.steps[0];
  View& right = transposed.inputs[1];
  std::swap(right.strides[0], right.strides[1]);
  transposed.output = addOutput(item, random, transposed.output.shape);
  Step copy;
  copy.inputs = {item.plan.steps[0].inputs[1]};
  copy.output = addOutput(item, random, copy.inputs[0].shape);
  item.plan.steps.push_back(transposed);
  item.plan.steps.push_back(copy);
  item.what = "constant read in several ways" + describe(item);
  for (const Step& step : {item.plan.steps[0], transposed}) {
    const std::vector<Expected> expected = around(item, step.output, productOf(item, step));
    group.check(item, step.output.buffer, {expected, expected});
  }
  std::vector<Expected> copied;
  for (const double value : values(item, copy.inputs[0])) copied.push_back({value, 0.0});
  const std::vector<Expected> expected = around(item, copy.output, copied);
  group.check(item, copy.output.buffer, {expected, expected});
}

/** Two products that read one constant both ways: it is packed once for the first run, twice from then on. */
void checkBothWays(Tally& tally, const std::shared_ptr<Device>& device, Random& random, const ProductShape& shape,
                   bool plain) {
  Case item;
  Operands operands;
  operands.constantRight = true;
  operands.number = ordinary(random);
  addProduct(item, random, plain ? Step() : anyEpilogue(random), shape, operands);
  const Step forth = item.plan.steps[0];
  const size_t constant = forth.inputs[1].buffer;
  Step back;
  back.kind = StepKind::matmul;
  back.scale = 0.3f;
  back.inputs = {forth.output, forth.inputs[1]};
  View& right = back.inputs[1];
  std::swap(right.shape[0], right.shape[1]);
  std::swap(right.strides[0], right.strides[1]);
  back.output = addOutput(item, random, forth.inputs[0].shape);
  item.plan.steps.push_back(back);
  item.complete();
  const LoadedCase once(item, device);
  const LoadedCase again(item, device, once.constants());
  const int64_t before = device->memory->bytes;
  const std::vector<float> first = once.run()[back.output.buffer];
  const bool square = shape.depth == 1 && shape.columns == 1;
  const std::string what = std::string(device->kernels.name) + ": constant read both ways" + describe(item);
  tally.require(device->memory->bytes == before, what + ": a first run packs it");
  for (int run = 0; run < 2; run++) {
    tally.require(sameBits(once.run()[back.output.buffer], first), what + ": a later run differs from the first");
  }
  const int64_t after = device->memory->bytes;
  tally.require(once.constants()[constant]->raw() == nullptr, what + ": it is held a second time");
  tally.require(square || again.constants()[constant]->pack({right.offset, right.strides[0], right.strides[1],
                                                             right.shape[0], right.shape[1]}) != nullptr,
                what + ": it was not packed for those that follow");
  for (int run = 0; run < 3; run++) {
    tally.require(sameBits(again.run()[back.output.buffer], first), what + ": another program's run differs");
  }
  // Plain products need no other memory than that in which panels are turned around.
  const bool less = device->memory->bytes < after;
  tally.require(plain && !square ? less : device->memory->bytes <= after, what + ": another program goes on turning it");
}

/** One program reads a constant, another changes it; and what that takes of memory. */
void checkSharing(Tally& tally, const std::shared_ptr<Device>& device, Random& random, const std::string& kernels) {
  const int64_t before = device->memory->bytes;
  {
    Case reader;
    ProductShape shape{9, 40, 33, {}, true};
    Operands operands;
    operands.constantRight = true;
    operands.number = ordinary(random);
    addProduct(reader, random, Step(), shape, operands);
    const size_t constant = reader.plan.steps[0].inputs[1].buffer;
    for (float& number : reader.contents[constant]) number = number == number ? number : 7.0f;
    reader.complete();
    const LoadedCase first(reader, device);
    const LoadedCase second(reader, device, first.constants());
    tally.require(first.constants()[constant]->raw() == nullptr, kernels + ": a packed constant is held a second time");
    const size_t output = reader.plan.steps[0].output.buffer;
    tally.require(sameBits(first.run()[output], second.run()[output]), kernels + ": two readers of a constant differ");

    Case writer;
    writer.add(reader.contents[constant], true);
    addHalving(writer, 0);
    writer.complete();
    const LoadedCase changes(writer, device, {first.constants()[constant]});
    for (int run = 0; run < 3; run++) {
      const std::vector<std::vector<Expected>> expected =
          halvedEachRun(reader, reader.plan.steps[0], constant, static_cast<size_t>(run) + 1);
      const std::vector<float> result = (run % 2 == 0 ? first : second).run()[output];
      for (size_t i = 0; i < result.size(); i++) {
        tally.compare(static_cast<double>(result[i]), expected.back()[i], kernels + ": after another's update", i);
      }
      changes.run();
    }
    // A program that comes later starts with the new numbers, whatever it is given.
    const LoadedCase late(reader, device, first.constants());
    tally.require(sameBits(late.run()[output], first.run()[output]), kernels + ": a late reader of a constant differs");
  }
  tally.require(device->memory->bytes == before && device->memory->buffers == 0, kernels + ": memory is not given back");
}

}  // namespace

void checkConstants(const Options& options) {
  Random random(options.seed + 7);
  Group group("constants", options);
  const std::vector<ptrdiff_t> sizes{1, 3, 7, 16, 17, 33, 64};
  for (int i = 0; i < options.cases(60); i++) {
    const ProductShape shape{random.pick(sizes), random.pick(sizes), random.pick(sizes),
                             random.pick<Shape>({{}, {1}, {3}, {2, 2}}), true};
    checkUpdates(group, random, shape, random.pick<Lie>({Lie::rowMajor, Lie::rows, Lie::anyhow}), random.chance(0.3));
  }
  for (int i = 0; i < options.cases(10); i++) checkSeveralReaders(group, random, random.pick(sizes));
  for (size_t i = 0; i < options.setups.size(); i++) {
    for (const std::shared_ptr<Device>& device : options.setups[i].devices) {
      checkSharing(group.tally(i), device, random, options.setups[i].kernels->name);
      for (int n = 0; n < options.cases(20); n++) {
        const ptrdiff_t columns = random.pick<ptrdiff_t>({1, 5, 33, 64, 197, 900});
        const ProductShape shape{random.pick(sizes), random.pick(sizes), columns, {}, true};
        checkBothWays(group.tally(i), device, random, shape, n % 2 == 0);
      }
    }
  }
}

}  // namespace check
}  // namespace vitrine
