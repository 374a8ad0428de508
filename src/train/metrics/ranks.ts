/**
 * The share of pictures whose class is among the `k` most probable; of equals the one of the lower number comes first. Where scores
 * are no numbers, nothing is known to be probable.
 * @param scores logits or probabilities. [pictures, classes]
 */
export function topK(scores: ArrayLike<number>, labels: ArrayLike<number>, k: number): number {
  const classes = scores.length / labels.length;
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    const start = i * classes;
    const own = scores[start + labels[i]];
    let before = 0;
    for (let other = 0; other < classes; other++) {
      const score = scores[start + other];
      // What is no number is not known to be lower.
      if (!(score <= own) || (score === own && other < labels[i])) before++;
    }
    if (before < k) right++;
  }
  return right / labels.length;
}

/** The class of the highest score of each picture; of equals that of the lowest number. */
export function predicted(scores: ArrayLike<number>, pictures: number): Int32Array {
  const classes = scores.length / pictures;
  return Int32Array.from({ length: pictures }, (_, i) => {
    let best = 0;
    for (let label = 1; label < classes; label++) {
      if (scores[i * classes + label] > scores[i * classes + best]) best = label;
    }
    return best;
  });
}

/**
 * How well a class's score tells its pictures from all others: the probability that one of the class has a higher score than one
 * that is not, equals counting half; the mean over the classes that can be told from others. NaN if none can.
 * Source: Fawcett, "An introduction to ROC analysis", 2006, by ranks as Mann and Whitney have it; scikit-learn's
 * `roc_auc_score(..., multi_class='ovr', average='macro')`.
 * @param scores probabilities. [pictures, classes]
 */
export function rocAuc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const pictures = labels.length;
  const classes = scores.length / pictures;
  let [sum, count] = [0, 0];
  for (let label = 0; label < classes; label++) {
    const ofClass = Float64Array.from({ length: pictures }, (_, i) => scores[i * classes + label]);
    const area = areaUnder(ofClass, (i) => labels[i] === label);
    if (Number.isNaN(area)) continue;
    sum += area;
    count++;
  }
  return sum / count;
}

function areaUnder(scores: Float64Array, isOwn: (index: number) => boolean): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b]);
  let [own, ranks] = [0, 0];
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && scores[order[to]] === scores[order[from]]) to++;
    const rank = (from + to + 1) / 2; // of equals the mean, counted from 1
    for (let place = from; place < to; place++) {
      if (!isOwn(order[place])) continue;
      own++;
      ranks += rank;
    }
    from = to;
  }
  return (ranks - (own * (own + 1)) / 2) / (own * (scores.length - own));
}
