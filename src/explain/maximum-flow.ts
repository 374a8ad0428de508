/**
 * The largest flow from a source down through layers of tokens to one token of the last: each token can hand on to every token
 * of the next layer as much as the edge between them carries. By Dinic's algorithm: as long as some way down has room, also by
 * taking back what an earlier one sent, the shortest such ways are filled.
 * Source: Dinic, "Algorithm for solution of a problem of maximum flow in a network with power estimation", 1970.
 */
export class LayeredFlow {
  /** Of each inner layer of edges, row by row from the token above to the one below. */
  readonly #flows: readonly Float64Array[];
  /** From the source to the tokens of the first layer, and from those of the last inner one to the sink. */
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  /** Steps to the sink on the shortest way that has room, by token, layer by layer; behind them sink and source. */
  readonly #distances: Int32Array;
  /** The next edge of each token to try: first those to the layer below, then those back to the one above. */
  readonly #next: Int32Array;
  readonly #queue: Int32Array;

  /**
   * @param source what its edges to the tokens of the first layer carry
   * @param layers what the edges from each layer to the next carry, `[tokens, tokens]`, the first layer's first; at least one
   */
  constructor(
    private readonly source: Float64Array,
    private readonly layers: readonly Float64Array[],
  ) {
    const tokens = source.length;
    const nodes = layers.length * tokens;
    this.#flows = layers.slice(0, -1).map(({ length }) => new Float64Array(length));
    [this.#first, this.#last] = [new Float64Array(tokens), new Float64Array(tokens)];
    this.#distances = new Int32Array(nodes + 2);
    this.#next = new Int32Array(nodes);
    this.#queue = new Int32Array(nodes + 2);
  }

  /** The largest flow to a token of the last layer. */
  to(token: number): number {
    for (const flows of [...this.#flows, this.#first, this.#last]) flows.fill(0);
    const tokens = this.source.length;
    const bottom = this.layers[this.layers.length - 1];
    const sink = this.source.map((_, i) => bottom[i * tokens + token]);
    // No more can leave the source, nor reach the sink: a flow that large needs no proof that there is no larger one.
    const limit = Math.min(sum(this.source), sum(sink));
    let flow = 0;
    while (limit - flow > leastRoom && this.#measure(sink)) flow += this.#fill(sink);
    return flow;
  }

  /** Distances from the sink upwards, until the source is met. @returns whether it is */
  #measure(sink: Float64Array): boolean {
    const { source, layers } = this;
    const [tokens, distances, queue] = [source.length, this.#distances, this.#queue];
    const end = layers.length * tokens;
    distances.fill(unreached);
    this.#next.fill(0);
    let [head, tail] = [0, 0];
    const reach = (node: number, distance: number): void => {
      if (distances[node] !== unreached) return;
      distances[node] = distance;
      queue[tail++] = node;
    };
    distances[end] = 0;
    for (let i = 0; i < tokens; i++) {
      if (sink[i] - this.#last[i] > leastRoom) reach(end - tokens + i, 1);
    }
    while (head < tail) {
      const node = queue[head++];
      const [layer, token, distance] = [Math.floor(node / tokens), node % tokens, distances[node] + 1];
      if (layer === 0 && source[token] - this.#first[token] > leastRoom) {
        distances[end + 1] = distance;
        return true;
      }
      if (layer > 0) {
        const [carries, flows] = [layers[layer - 1], this.#flows[layer - 1]];
        for (let i = 0, edge = token; i < tokens; i++, edge += tokens) {
          if (carries[edge] - flows[edge] > leastRoom) reach(node - token - tokens + i, distance);
        }
      }
      if (layer < layers.length - 1) {
        const flows = this.#flows[layer];
        for (let i = 0, edge = token * tokens; i < tokens; i++, edge++) {
          if (flows[edge] > leastRoom) reach(node - token + tokens + i, distance);
        }
      }
    }
    return false;
  }

  /** Fills all shortest ways. @returns what was sent */
  #fill(sink: Float64Array): number {
    const wanted = this.#distances[this.layers.length * this.source.length + 1] - 1;
    let sent = 0;
    this.source.forEach((carries, i) => {
      const room = carries - this.#first[i];
      if (room <= leastRoom || this.#distances[i] !== wanted) return;
      const more = this.#push(i, room, sink);
      this.#first[i] += more;
      sent += more;
    });
    return sent;
  }

  /** Sends up to so much on from a token, along edges that lead nearer to the sink. @returns what was sent */
  #push(node: number, most: number, sink: Float64Array): number {
    const { source, layers } = this;
    const [tokens, distances, next] = [source.length, this.#distances, this.#next];
    const [layer, token] = [Math.floor(node / tokens), node % tokens];
    let left = most;
    if (layer === layers.length - 1 && distances[node] === 1) {
      const more = Math.min(left, sink[token] - this.#last[token]);
      this.#last[token] += more;
      return more;
    }
    for (; next[node] < 2 * tokens; next[node]++) {
      const isDown = next[node] < tokens;
      const [other, to] = [next[node] % tokens, isDown ? layer + 1 : layer - 1];
      if (to < 0 || to === layers.length) continue;
      if (distances[to * tokens + other] !== distances[node] - 1) continue;
      const edge = isDown ? token * tokens + other : other * tokens + token;
      const flows = this.#flows[Math.min(layer, to)];
      const room = isDown ? layers[layer][edge] - flows[edge] : flows[edge];
      if (room <= leastRoom) continue;
      const more = this.#push(to * tokens + other, Math.min(left, room), sink);
      flows[edge] += isDown ? more : -more;
      left -= more;
      // The edge may have room left: it is the first to be tried when more comes.
      if (left <= leastRoom) break;
    }
    return most - left;
  }
}

/** What is less is rounding: capacities are at most 1, from float32. */
const leastRoom = 1e-12;

const unreached = 2 ** 30;

function sum(values: Float64Array): number {
  return values.reduce((left, right) => left + right, 0);
}
