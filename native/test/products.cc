// Matrix products: all sizes about the edges of tiles, panels and pieces, all strides, all epilogues.

#include <algorithm>

#include "../src/steps/product_plan.h"
#include "product_cases.h"

namespace vitrine {
namespace check {
namespace {

const std::vector<ptrdiff_t> sizes{1, 3, 5, 6, 7, 14, 16, 17, 31, 64, 197, 199, 330, 777};

void checkOne(Group& group, Random& random, const Step& epilogue, const ProductShape& shape, const Operands& operands,
              const std::string& name) {
  Case item;
  addProduct(item, random, epilogue, shape, operands);
  const Step& step = item.plan.steps[0];
  item.what = name + (operands.constantRight ? ", constant" : "") + (step.bias ? ", bias" : "") +
              ", activation " + activationNames[static_cast<int>(step.activation)] + (step.residual ? ", residual" : "") +
              (step.softmax ? ", softmax" : "") + ", scale " + std::to_string(step.scale) + describe(item);
  const std::vector<Expected> expected = around(item, step.output, productOf(item, step));
  group.check(item, step.output.buffer, {expected, expected});
}

/** Sizes from the list, with at most so many multiply-adds. */
ProductShape anyShape(Random& random, ptrdiff_t most) {
  ProductShape shape;
  const std::vector<Shape> batches{{}, {}, {}, {1}, {2}, {3}, {12}, {2, 3}, {1, 4}, {3, 1}, {2, 2, 2}};
  do {
    shape.batch = random.pick(batches);
    shape.rows = random.pick(sizes);
    shape.depth = random.pick(sizes);
    shape.columns = random.pick(sizes);
    ptrdiff_t batch = 1;
    for (const ptrdiff_t extent : shape.batch) batch *= extent;
    if (batch * shape.rows * shape.depth * shape.columns <= most) break;
  } while (true);
  shape.oneRight = random.chance(0.5);
  return shape;
}

Operands anyOperands(Random& random, const std::function<float()>& number) {
  const auto lie = [&] {
    return random.pick<Lie>({Lie::rowMajor, Lie::rowMajor, Lie::rows, Lie::anyhow, Lie::expanded});
  };
  Operands operands;
  operands.left = lie();
  operands.right = lie();
  operands.bias = random.pick<Lie>({Lie::rowMajor, Lie::anyhow, Lie::expanded});
  operands.residual = lie();
  operands.output = random.pick<Lie>({Lie::rowMajor, Lie::rowMajor, Lie::rows, Lie::columns, Lie::anyhow});
  operands.constantRight = random.chance(0.4);
  operands.number = number;
  return operands;
}

/** Products of no depth: what remains is the epilogue. A plan holds no step without output. */
void checkNoDepth(Group& group, Random& random) {
  for (const Shape& batch : std::vector<Shape>{{}, {2}, {2, 3}}) {
    for (const ptrdiff_t size : {1, 5, 64}) {
      const ProductShape shape{size, 0, random.pick(sizes), batch, random.chance(0.5)};
      checkOne(group, random, anyEpilogue(random), shape, anyOperands(random, ordinary(random)), "product of no depth");
    }
  }
}

/** No result shows whether threads wait: a product with enough work is something to do for all of them. */
void checkPlans(const Options& options) {
  Group group("plans of products", options);
  for (size_t setup = 0; setup < options.setups.size(); setup++) {
    for (const ptrdiff_t rows : {5, 12, 82, 197, 2624}) {
      for (const ptrdiff_t columns : {192, 768}) {
        for (int kind = 0; kind < 8; kind++) {
          ProductSize size;
          size.batch = 1;
          size.rows = rows;
          size.depth = kind & 1 ? 6304 : 192;
          size.columns = columns;
          size.leftCollides = kind & 2;
          size.rightIsPacked = kind & 4;
          size.rightIsRowMajor = true;
          size.oneRight = true;
          const ptrdiff_t work = rows * size.depth * columns;
          const ProductPlan plan(size, *options.setups[setup].kernels, 4);
          group.tally(setup).require(work < 4 << 18 || plan.tasksPerMatrix() >= 4,
                                     std::to_string(rows) + "x" + std::to_string(size.depth) + "x" +
                                         std::to_string(columns) + " keeps four threads busy");
        }
      }
    }
  }
}

}  // namespace

void checkProducts(const Options& options) {
  checkPlans(options);
  Random random(options.seed + 6);
  const auto number = ordinary(random);
  {
    Group group("products", options);
    for (int i = 0; i < options.cases(400); i++) {
      checkOne(group, random, anyEpilogue(random), anyShape(random, 100000), anyOperands(random, number), "product");
    }
    for (int i = 0; i < options.cases(30); i++) {
      checkOne(group, random, anyEpilogue(random), anyShape(random, 4000000), anyOperands(random, number), "product");
    }
  }
  {
    // Gradients of weights: a deep left matrix whose rows lie side by side, few enough for the caches or not.
    Group group("deep products, the left matrix across", options);
    for (int i = 0; i < options.cases(16); i++) {
      const ProductShape shape{random.pick<ptrdiff_t>({5, 36, 97, 301}), random.pick<ptrdiff_t>({512, 777, 1030}),
                               random.pick<ptrdiff_t>({33, 64, 70, 300}), random.pick<Shape>({{}, {}, {2}}),
                               random.chance(0.5)};
      Operands operands = anyOperands(random, number);
      operands.left = Lie::columns;
      checkOne(group, random, anyEpilogue(random), shape, operands, "deep product");
    }
  }
  {
    // Rows that lie a power of two apart, and are copied because a cache has too few places for them; few rows or many.
    Group group("deep products, rows that collide", options);
    for (int i = 0; i < options.cases(16); i++) {
      const ProductShape shape{random.pick<ptrdiff_t>({5, 36, 97, 301}), random.pick<ptrdiff_t>({512, 1024, 1536, 2048}),
                               random.pick<ptrdiff_t>({33, 64, 70, 300}), random.pick<Shape>({{}, {}, {2}}),
                               random.chance(0.5)};
      Operands operands = anyOperands(random, number);
      operands.left = Lie::rowMajor;
      checkOne(group, random, anyEpilogue(random), shape, operands, "deep product");
    }
  }
  {
    // Enough work for several tasks of several pieces, plainly laid out as a network's layers are.
    Group group("large products", options);
    const std::vector<Shape> extents{{197, 777, 330}, {199, 330, 777}, {777, 64, 777},
                                     {64, 777, 199},  {14, 777, 777},  {7, 777, 777}};
    for (int i = 0; i < std::min(options.cases(6), 6); i++) {
      const Shape& extent = extents[static_cast<size_t>(i)];
      const ProductShape shape{extent[0], extent[1], extent[2], {}, true};
      checkOne(group, random, anyEpilogue(random), shape, anyOperands(random, number), "large product");
    }
  }
  {
    // One row holds what is no ordinary number; it must stay in the rows and columns it belongs to.
    Group group("odd products", options);
    const auto odd = awkward(random, 0.002, -1.0, 1.0);
    for (int i = 0; i < options.cases(80); i++) {
      const auto some = [&odd]() {
        const float x = odd();
        return x < -1e10f || x > 1e10f ? (x > 0.0f ? __builtin_inff() : -__builtin_inff()) : x;
      };
      checkOne(group, random, anyEpilogue(random), anyShape(random, 30000), anyOperands(random, some), "odd product");
    }
    checkNoDepth(group, random);
  }
}

}  // namespace check
}  // namespace vitrine
