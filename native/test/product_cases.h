// Matrix products with everything that may follow them, and what they should give.
#pragma once

#include "exact.h"
#include "views.h"

namespace vitrine {
namespace check {

/** What a product consists of. */
struct ProductShape {
  ptrdiff_t rows = 1;
  ptrdiff_t depth = 1;
  ptrdiff_t columns = 1;
  Shape batch;
  /** Whether all of the batch share the right matrix. */
  bool oneRight = false;

  Shape matrix(ptrdiff_t m, ptrdiff_t n) const {
    Shape shape = batch;
    shape.push_back(m);
    shape.push_back(n);
    return shape;
  }
};

/** How the operands and the result of a product lie, and of which numbers it is made. */
struct Operands {
  Lie left = Lie::rowMajor;
  Lie right = Lie::rowMajor;
  Lie bias = Lie::rowMajor;
  Lie residual = Lie::rowMajor;
  Lie output = Lie::rowMajor;
  bool constantRight = false;
  std::function<float()> number;
};

/** Adds a product's views to a case; what is done besides multiplying is set in the step beforehand. */
void addProduct(Case& item, Random& random, Step step, const ProductShape& shape, const Operands& operands);

/** The elements that a product should give, in row-major order, from what the case's buffers start with. */
std::vector<Expected> productOf(const Case& item, const Step& step);

/** A step with a random choice of scale, bias, activation, residual and softmax. */
Step anyEpilogue(Random& random);

}  // namespace check
}  // namespace vitrine
