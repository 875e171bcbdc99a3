/**
 * Every recurrent cell over a whole sequence in float64, and the exact gradient back through it.
 * No DOM.
 *
 * The equations are those of `lstm_edu.variants`, in the same order and by the same names, and
 * held to them at 1e-12 by the golden file that Python writes. Row vectors: z = xW + h_prev U + b;
 * the columns of W, U and b come in blocks of H. The linear RNN is the simple one without tanh.
 *
 * One loop serves all cells. A step is a set of views, one per field: a cell's equations fill
 * them, and its gradient reads them. Inside, a matrix is one flat array, row by row.
 *
 * A cell with tanh stays finite for all finite input whose z is finite. The linear RNN may leave
 * the number format: then h is ±Infinity, but never NaN unless a weight is beyond 2^64 or xW
 * alone overflows. A gradient that leaves the number format is handed out as it is, NaN included.
 */

import { tanh } from "./exact.mjs";
import { sigmoid } from "./lstm.mjs";

/** @typedef {ArrayLike<number>} Numbers */
/** @typedef {ArrayLike<Numbers>} Rows */
/** @typedef {"simple_rnn" | "linear_rnn" | "lstm" | "peephole_lstm" | "full_peephole_lstm" | "coupled_lstm" | "gru" | "gru_reset_before"} Kind */
/** @typedef {{W: Rows, U: Rows, b?: Numbers | Rows | null, p?: Numbers, V?: Rows}} Params */
/** Arrays by name: the views of one step, the weights laid flat. @typedef {Record<string, Float64Array>} Named */
/** @typedef {"i" | "f" | "g" | "o" | "c" | "h" | "u" | "r" | "m" | "z"} Field */
/**
 * A cell's own two functions. `equations` fills a step. `gradient` finds dh and dc in `back`: dh
 * is whole, dc lacks the path through h and gets it here. It adds to dh_prev, dc_prev and the
 * totals over time, which are named as the weights, if there are any.
 * @typedef {{equations: (step: Named, weights: Named) => void, gradient: (step: Named, back: Named, weights: Named, totals: Named | undefined) => void}} Equations
 */
/** @typedef {{blocks: string[], states: string[], fields: Field[], shapes: (D: number, H: number) => Record<string, number[]>} & Equations} Cell */
/** Of the fields only those of its kind are there; each is one array per time step. @typedef {{cell: Cell, params: Params, x: Float64Array[], h0: Float64Array, c0: Float64Array, T: number, D: number, H: number, steps: Named[], weights: Named} & Record<Field, Float64Array[]>} Trace */
/** db is null without a bias; of dp, dV, dc0 and dc only those of its kind are there. @typedef {{dW: Float64Array[], dU: Float64Array[], db: any, dp: Float64Array, dV: Float64Array[], dx: Float64Array[], dh0: Float64Array, dc0: Float64Array, dh: Float64Array[], dc: Float64Array[]}} Gradients */

// --- the simple RNN, and the linear one ---------------------------------------------------------

/** h = tanh(xW + h_prev U + b). @type {Equations} */
const simpleRNN = {
  equations(step, weights) {
    const { z, h } = step;
    preActivate(step, weights);
    for (let n = 0; n < h.length; n++) h[n] = tanh(z[n]);
  },
  gradient(step, back, weights, totals) {
    const { h } = step;
    const { dh, dz } = back;
    for (let n = 0; n < h.length; n++) dz[n] = dh[n] * (1 - h[n] * h[n]); // tanh' = 1 - tanh²
    throughZ(step, back, weights, totals);
  },
};

/** h = xW + h_prev U + b. @type {Equations} */
const linearRNN = {
  equations(step, weights) {
    preActivate(step, weights);
    if (step.z.some(Number.isNaN)) preActivateBeyond(step, weights);
    step.h.set(step.z);
  },
  gradient(step, back, weights, totals) {
    back.dz.set(back.dh);
    throughZ(step, back, weights, totals);
  },
};

/**
 * z where ∞ - ∞ or ∞ · 0 came up: an infinite state counts as the largest number, and the sum is
 * made at a scale at which it fits.
 * @param {Named} step
 * @param {Named} weights
 */
function preActivateBeyond({ x, h_prev, z }, { W, U, b }) {
  const [scale, most] = [2 ** -64, Number.MAX_VALUE];
  const scaled = h_prev.map((value) => Math.max(-most, Math.min(most, value)) * scale);
  z.set(b);
  addProduct(z, x, W);
  for (let n = 0; n < z.length; n++) z[n] *= scale;
  addProduct(z, scaled, U);
  for (let n = 0; n < z.length; n++) z[n] /= scale;
}

// --- the LSTM and its variants ------------------------------------------------------------------

/** z = xW + h_prev U + b; i, f, o = σ(z), g = tanh(z). @type {Equations} */
const lstm = {
  equations(step, weights) {
    preActivate(step, weights);
    fourGates(step);
  },
  gradient(step, back, weights, totals) {
    throughFourGates(step, back);
    throughZ(step, back, weights, totals);
  },
};

/** The LSTM's step, but with z = xW + h_prev U + c_prev V + b. @type {Equations} */
const fullPeepholeLSTM = {
  equations(step, weights) {
    preActivate(step, weights);
    addProduct(step.z, step.c_prev, weights.V);
    fourGates(step);
  },
  gradient(step, back, weights, totals) {
    throughFourGates(step, back);
    throughZ(step, back, weights, totals);
    if (totals) addOuter(totals.V, step.c_prev, back.dz);
    addTurned(back.dc_prev, back.dz, weights.V);
  },
};

/** c = f·c_prev + i·g; h = o·tanh(c). @param {Named} step */
function fourGates({ c_prev, z, i, f, g, o, c, h }) {
  const H = h.length;
  for (let n = 0; n < H; n++) {
    i[n] = sigmoid(z[n]);
    f[n] = sigmoid(z[H + n]);
    g[n] = tanh(z[2 * H + n]);
    o[n] = sigmoid(z[3 * H + n]);
    c[n] = f[n] * c_prev[n] + i[n] * g[n];
    h[n] = o[n] * tanh(c[n]);
  }
}

/** @param {Named} step @param {Named} back */
function throughFourGates({ c_prev, i, f, g, o, c }, { dh, dc, dz, dc_prev }) {
  const H = c.length;
  for (let n = 0; n < H; n++) {
    const tanh_c = tanh(c[n]);
    // h = o * tanh(c)
    dz[3 * H + n] = dh[n] * tanh_c * o[n] * (1 - o[n]);
    dc[n] += dh[n] * o[n] * (1 - tanh_c * tanh_c);
    // c = f * c_prev + i * g
    dz[n] = dc[n] * g[n] * i[n] * (1 - i[n]);
    dz[H + n] = dc[n] * c_prev[n] * f[n] * (1 - f[n]);
    dz[2 * H + n] = dc[n] * i[n] * (1 - g[n] * g[n]);
    dc_prev[n] += dc[n] * f[n];
  }
}

/** Each gate also reads its own unit's cell state, p in the order i, f, o. @type {Equations} */
const peepholeLSTM = {
  equations(step, weights) {
    const { c_prev, z, i, f, g, o, c, h } = step;
    const { p } = weights;
    const H = h.length;
    preActivate(step, weights);
    for (let n = 0; n < H; n++) {
      z[n] += p[n] * c_prev[n];
      z[H + n] += p[H + n] * c_prev[n];
      i[n] = sigmoid(z[n]);
      f[n] = sigmoid(z[H + n]);
      g[n] = tanh(z[2 * H + n]);
      c[n] = f[n] * c_prev[n] + i[n] * g[n];
      z[3 * H + n] += p[2 * H + n] * c[n]; // the output gate reads the new cell state
      o[n] = sigmoid(z[3 * H + n]);
      h[n] = o[n] * tanh(c[n]);
    }
  },
  gradient(step, back, weights, totals) {
    const { c_prev, i, f, g, o, c } = step;
    const { dh, dc, dz, dc_prev } = back;
    const { p } = weights;
    const H = c.length;
    for (let n = 0; n < H; n++) {
      const tanh_c = tanh(c[n]);
      // h = o * tanh(c), o = σ(... + p_o * c): c reaches h by two paths
      const dz_o = dh[n] * tanh_c * o[n] * (1 - o[n]);
      dc[n] += dh[n] * o[n] * (1 - tanh_c * tanh_c) + dz_o * p[2 * H + n];
      // c = f * c_prev + i * g
      const dz_i = dc[n] * g[n] * i[n] * (1 - i[n]);
      const dz_f = dc[n] * c_prev[n] * f[n] * (1 - f[n]);
      dz[n] = dz_i;
      dz[H + n] = dz_f;
      dz[2 * H + n] = dc[n] * i[n] * (1 - g[n] * g[n]);
      dz[3 * H + n] = dz_o;
      if (totals) {
        totals.p[n] += dz_i * c_prev[n];
        totals.p[H + n] += dz_f * c_prev[n];
        totals.p[2 * H + n] += dz_o * c[n];
      }
      dc_prev[n] += dc[n] * f[n] + dz_i * p[n] + dz_f * p[H + n];
    }
    throughZ(step, back, weights, totals);
  },
};

/** The LSTM's step with i = 1 - f = σ(-z_f); the blocks are f, g, o. @type {Equations} */
const coupledLSTM = {
  equations(step, weights) {
    const { c_prev, z, i, f, g, o, c, h } = step;
    const H = h.length;
    preActivate(step, weights);
    for (let n = 0; n < H; n++) {
      f[n] = sigmoid(z[n]);
      i[n] = sigmoid(-z[n]); // 1 - f would lose the digits of a nearly closed gate
      g[n] = tanh(z[H + n]);
      o[n] = sigmoid(z[2 * H + n]);
      c[n] = f[n] * c_prev[n] + i[n] * g[n];
      h[n] = o[n] * tanh(c[n]);
    }
  },
  gradient(step, back, weights, totals) {
    const { c_prev, i, f, g, o, c } = step;
    const { dh, dc, dz, dc_prev } = back;
    const H = c.length;
    for (let n = 0; n < H; n++) {
      const tanh_c = tanh(c[n]);
      // h = o * tanh(c)
      dz[2 * H + n] = dh[n] * tanh_c * o[n] * (1 - o[n]);
      dc[n] += dh[n] * o[n] * (1 - tanh_c * tanh_c);
      // c = f * c_prev + i * g, i = 1 - f
      dz[n] = dc[n] * (c_prev[n] - g[n]) * f[n] * i[n];
      dz[H + n] = dc[n] * i[n] * (1 - g[n] * g[n]);
      dc_prev[n] += dc[n] * f[n];
    }
    throughZ(step, back, weights, totals);
  },
};

// --- the GRU, in Keras' two forms ---------------------------------------------------------------

/**
 * u = σ(z_u), r = σ(z_r), m = h_prev U_g + b'_g, g = tanh(xW_g + b_g + r·m),
 * h = u·h_prev + (1 - u)·g. b has a row for the input and one, b', for the hidden state.
 * @type {Equations}
 */
const gru = {
  equations(step, weights) {
    const { x, h_prev, m, z, r } = step;
    const { W, U, b } = weights;
    const H = m.length;
    for (let n = 0; n < 3 * H; n++) z[n] = b[n] + (n < 2 * H ? b[3 * H + n] : 0);
    for (let n = 0; n < H; n++) m[n] = b[5 * H + n];
    addProduct(z, x, W);
    addProduct(z, h_prev, U, 0, 2 * H);
    addProduct(m, h_prev, U, 2 * H, 3 * H, 0);
    for (let n = 0; n < H; n++) {
      r[n] = sigmoid(z[H + n]);
      z[2 * H + n] += r[n] * m[n];
    }
    update(step);
  },
  gradient(step, back, weights, totals) {
    const { h_prev, m, r } = step;
    const { dz, dh_prev } = back;
    const H = m.length;
    const dz_h = new Float64Array(3 * H); // as dz, but what reaches h_prev U + b'
    throughUpdate(step, back);
    for (let n = 0; n < H; n++) {
      // z_g = x W_g + b_g + r * m
      const dz_g = dz[2 * H + n];
      dz[H + n] = dz_g * m[n] * r[n] * (1 - r[n]);
      dz_h[n] = dz[n];
      dz_h[H + n] = dz[H + n];
      dz_h[2 * H + n] = dz_g * r[n];
    }
    throughX(step, back, weights, totals);
    if (totals) {
      for (let n = 0; n < 3 * H; n++) totals.b[3 * H + n] += dz_h[n];
      addOuter(totals.U, h_prev, dz_h);
    }
    addTurned(dh_prev, dz_h, weights.U);
  },
};

/**
 * The GRU as published: g = tanh(xW_g + (r·h_prev) U_g + b_g), and one bias.
 * @type {Equations}
 */
const gruResetBefore = {
  equations(step, weights) {
    const { x, h_prev, z, r } = step;
    const { W, U, b } = weights;
    const H = r.length;
    const kept = new Float64Array(H); // r·h_prev
    z.set(b);
    addProduct(z, x, W);
    addProduct(z, h_prev, U, 0, 2 * H);
    for (let n = 0; n < H; n++) {
      r[n] = sigmoid(z[H + n]);
      kept[n] = r[n] * h_prev[n];
    }
    addProduct(z, kept, U, 2 * H, 3 * H);
    update(step);
  },
  gradient(step, back, weights, totals) {
    const { h_prev, r } = step;
    const { dz, dh_prev } = back;
    const { U } = weights;
    const H = r.length;
    const [kept, dkept] = [new Float64Array(H), new Float64Array(H)];
    throughUpdate(step, back);
    // z_g = x W_g + (r * h_prev) U_g + b_g
    addTurned(dkept, dz, U, 2 * H, 3 * H);
    for (let n = 0; n < H; n++) {
      kept[n] = r[n] * h_prev[n];
      dz[H + n] = dkept[n] * h_prev[n] * r[n] * (1 - r[n]);
      dh_prev[n] += dkept[n] * r[n];
    }
    throughX(step, back, weights, totals);
    if (totals) {
      addOuter(totals.U, h_prev, dz, 0, 2 * H);
      addOuter(totals.U, kept, dz, 2 * H, 3 * H);
    }
    addTurned(dh_prev, dz, U, 0, 2 * H);
  },
};

/** h = u·h_prev + (1 - u)·g, the end of both GRUs; 1 - u is σ(-z_u). @param {Named} step */
function update({ h_prev, z, u, g, h }) {
  const H = h.length;
  for (let n = 0; n < H; n++) {
    u[n] = sigmoid(z[n]);
    g[n] = tanh(z[2 * H + n]);
    h[n] = u[n] * h_prev[n] + sigmoid(-z[n]) * g[n];
  }
}

/** dz_u, dz_g and the direct share of dh_prev. @param {Named} step @param {Named} back */
function throughUpdate({ h_prev, z, u, g, h }, { dh, dz, dh_prev }) {
  const H = h.length;
  for (let n = 0; n < H; n++) {
    const open_to_new = sigmoid(-z[n]); // 1 - u
    dz[n] = dh[n] * (h_prev[n] - g[n]) * u[n] * open_to_new;
    dz[2 * H + n] = dh[n] * open_to_new * (1 - g[n] * g[n]);
    dh_prev[n] += dh[n] * u[n];
  }
}

// --- what all cells share -----------------------------------------------------------------------

/** z = xW + h_prev U + b. @param {Named} step @param {Named} weights */
function preActivate({ x, h_prev, z }, { W, U, b }) {
  z.set(b);
  addProduct(z, x, W);
  addProduct(z, h_prev, U);
}

/**
 * What dz adds to the gradients of z = xW + h_prev U + b.
 * @param {Named} step
 * @param {Named} back
 * @param {Named} weights
 * @param {Named | undefined} totals
 */
function throughZ(step, back, weights, totals) {
  throughX(step, back, weights, totals);
  if (totals) addOuter(totals.U, step.h_prev, back.dz);
  addTurned(back.dh_prev, back.dz, weights.U);
}

/**
 * The part of `throughZ` that belongs to xW + b.
 * @param {Named} step
 * @param {Named} back
 * @param {Named} weights
 * @param {Named | undefined} totals
 */
function throughX({ x }, { dz, dx }, { W }, totals) {
  if (totals) {
    for (let n = 0; n < dz.length; n++) totals.b[n] += dz[n];
    addOuter(totals.W, x, dz);
  }
  addTurned(dx, dz, W);
}

/**
 * out += row · M, for the columns of M from `first` to `stop`; they go to `out` from `at`.
 * @param {Float64Array} out
 * @param {Float64Array} row
 * @param {Float64Array} M
 */
function addProduct(out, row, M, first = 0, stop = M.length / row.length, at = first) {
  const [height, width] = [row.length, M.length / row.length];
  let k = 0;
  // Four rows of M at once take half the time; each sum is still made in their order.
  for (; k + 3 < height; k += 4) {
    const [a, b, c, d] = [row[k], row[k + 1], row[k + 2], row[k + 3]];
    let [from, to] = [k * width + first, at];
    for (const end = k * width + stop; from < end; from++, to++)
      out[to] =
        out[to] +
        a * M[from] +
        b * M[from + width] +
        c * M[from + 2 * width] +
        d * M[from + 3 * width];
  }
  for (; k < height; k++) {
    const value = row[k];
    const start = k * width;
    for (let n = first, to = at; n < stop; n++, to++) out[to] += value * M[start + n];
  }
}

/**
 * out += dz · Mᵀ, for the columns of M from `first` to `stop`.
 * @param {Float64Array} out
 * @param {Float64Array} dz
 * @param {Float64Array} M
 */
function addTurned(out, dz, M, first = 0, stop = dz.length) {
  const [height, width] = [out.length, dz.length];
  let k = 0;
  // Four sums side by side: one alone waits for each of its additions.
  for (; k + 3 < height; k += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let n = first, from = k * width + first; n < stop; n++, from++) {
      const value = dz[n];
      a += value * M[from];
      b += value * M[from + width];
      c += value * M[from + 2 * width];
      d += value * M[from + 3 * width];
    }
    out[k] += a;
    out[k + 1] += b;
    out[k + 2] += c;
    out[k + 3] += d;
  }
  for (; k < height; k++) {
    const start = k * width;
    let sum = 0;
    for (let n = first; n < stop; n++) sum += dz[n] * M[start + n];
    out[k] += sum;
  }
}

/**
 * total += rowᵀ dz, for the columns from `first` to `stop`.
 * @param {Float64Array} total
 * @param {Float64Array} row
 * @param {Float64Array} dz
 */
function addOuter(total, row, dz, first = 0, stop = dz.length) {
  const width = dz.length;
  for (let k = 0; k < row.length; k++) {
    const value = row[k];
    const start = k * width;
    for (let n = first; n < stop; n++) total[start + n] += value * dz[n];
  }
}

// --- the cells, by name -------------------------------------------------------------------------

/**
 * `letters` gives the shapes in D and H, as "3H".
 * @param {Equations} equations
 * @param {string} blocks
 * @param {string} fields what a step keeps besides z, in the order it happens
 * @param {Record<string, string[]>} [more] the shapes beyond those of W, U and b
 * @returns {Cell}
 */
function cell(equations, blocks, fields, more = {}) {
  const columns = `${blocks.length}H`;
  const letters = { W: ["D", columns], U: ["H", columns], b: [columns], ...more };
  return {
    ...equations,
    blocks: [...blocks],
    states: fields.includes("c") ? ["h", "c"] : ["h"],
    fields: /** @type {Field[]} */ (["z", ...fields]),
    shapes: (D, H) =>
      Object.fromEntries(
        Object.entries(letters).map(([name, shape]) => [name, shape.map((l) => measure(l, D, H))]),
      ),
  };
}

/** "3H" in numbers. @param {string} letter @param {number} D @param {number} H */
function measure(letter, D, H) {
  if (letter === "D") return D;
  return letter.endsWith("H") ? Number(letter.slice(0, -1) || 1) * H : Number(letter);
}

// Each by itself, so that a script carries only the cells that it uses.
export const SIMPLE_RNN = /* @__PURE__ */ cell(simpleRNN, "h", "h");
export const LINEAR_RNN = /* @__PURE__ */ cell(linearRNN, "h", "h");
export const LSTM = /* @__PURE__ */ cell(lstm, "ifgo", "ifgoch");
export const PEEPHOLE_LSTM = /* @__PURE__ */ cell(peepholeLSTM, "ifgo", "ifgoch", { p: ["3H"] });
export const FULL_PEEPHOLE_LSTM = /* @__PURE__ */ cell(fullPeepholeLSTM, "ifgo", "ifgoch", {
  V: ["H", "4H"],
});
export const COUPLED_LSTM = /* @__PURE__ */ cell(coupledLSTM, "fgo", "ifgoch");
export const GRU = /* @__PURE__ */ cell(gru, "urg", "murgh", { b: ["2", "3H"] });
export const GRU_RESET_BEFORE = /* @__PURE__ */ cell(gruResetBefore, "urg", "urgh");

/** All of them, by the names that `lstm_edu.variants` gives them. @type {Record<Kind, Cell>} */
export const CELLS = {
  simple_rnn: SIMPLE_RNN,
  linear_rnn: LINEAR_RNN,
  lstm: LSTM,
  peephole_lstm: PEEPHOLE_LSTM,
  full_peephole_lstm: FULL_PEEPHOLE_LSTM,
  coupled_lstm: COUPLED_LSTM,
  gru: GRU,
  gru_reset_before: GRU_RESET_BEFORE,
};

// --- a sequence, there and back -----------------------------------------------------------------

/**
 * Run a cell over a sequence.
 * @param {Cell} cell
 * @param {Params} params by the names and shapes of `cell.shapes(D, H)`; no b is zeros
 * @param {Rows} x (T, D)
 * @param {Numbers | null} [h0] the states before the first step; zeros by default
 * @param {Numbers | null} [c0]
 * @returns {Trace} it shares no memory with x, h0 and c0, and keeps a copy of the weights
 */
export function forward(cell, params, x, h0, c0) {
  const { states, fields, shapes, equations } = cell;
  const [T, D, H] = [x.length, params.W.length, params.U.length];
  /** @type {Named} */
  const weights = {};
  for (const [name, shape] of Object.entries(shapes(D, H)))
    weights[name] = flat(params[/** @type {keyof Params} */ (name)], name, shape);
  const inputs = rows(flat(x, "x", [T, D]), T);
  /** @type {Record<string, Float64Array[]>[]} */
  const [kept, before] = [{}, {}];
  /** @type {Named} */
  const first = {};
  for (const name of fields) kept[name] = rowsOf(T, name === "z" ? weights.U.length / H : H);
  for (const name of states) {
    first[`${name}0`] = flat(name === "h" ? h0 : c0, `${name}0`, [H]);
    before[`${name}_prev`] = [first[`${name}0`], ...kept[name]];
  }
  const columns = Object.entries({ x: inputs, ...before, ...kept });
  const steps = inputs.map((_, t) => {
    /** @type {Named} */
    const step = {};
    for (const [name, column] of columns) step[name] = column[t];
    return step;
  });
  for (const step of steps) equations(step, weights);
  const trace = { cell, params, x: inputs, ...first, T, D, H, ...kept, steps, weights };
  return /** @type {Trace} */ (/** @type {unknown} */ (trace));
}

/**
 * Carry the gradient of a loss back through a sequence (backpropagation through time).
 * @param {Trace} trace
 * @param {Rows} dh (T, H): the loss' own share of each h_t
 * @param {Numbers | null} [dc_last] (H): of the last cell state; zeros by default
 * @param {boolean} [of_weights] whether those of the weights are wanted too, a third of the work
 * @returns {Gradients} dh and dc are whole: later time steps included, and in dc_t the path
 *   through h_t
 */
export function backward(trace, dh, dc_last, of_weights = true) {
  const { cell, steps, weights, T, D, H } = trace;
  const { states, shapes, gradient } = cell;
  const sizes = shapes(D, H);
  const zeros = Object.entries(weights).map(([name, of]) => [name, new Float64Array(of.length)]);
  /** @type {Named | undefined} */
  const totals = of_weights ? Object.fromEntries(zeros) : undefined;
  const dx = rowsOf(T, D);
  // Row t + 1 belongs to step t, row 0 to the state before the first.
  const whole = { h: rowsOf(T + 1, H), c: rowsOf(states.includes("c") ? T + 1 : 0, H) };
  for (const [t, share] of rows(flat(dh, "dh", [T, H]), T).entries()) whole.h[t + 1].set(share);
  if (states.includes("c")) whole.c[T].set(flat(dc_last, "dc_last", [H]));
  const dz = new Float64Array(weights.U.length / H);
  for (let t = T - 1; t >= 0; t--) {
    const [dc, dc_prev] = [whole.c[t + 1], whole.c[t]];
    const back = { dh: whole.h[t + 1], dc, dz, dx: dx[t], dh_prev: whole.h[t], dc_prev };
    gradient(steps[t], back, weights, totals);
  }
  const parts = Object.entries(totals ?? {}).map(([name, total]) => [
    `d${name}`,
    sizes[name].length === 2 ? rows(total, sizes[name][0]) : total,
  ]);
  const result = { ...Object.fromEntries(parts), dx };
  if (totals && !trace.params.b) result.db = null;
  for (const name of /** @type {("h" | "c")[]} */ (states)) {
    result[`d${name}0`] = whole[name][0];
    result[`d${name}`] = whole[name].slice(1);
  }
  return result;
}

/**
 * The derivative with respect to each c_t by the carry path alone, along which only f acts:
 * through no gate, no candidate and no hidden state.
 * @param {Trace} trace of a cell with c
 * @param {Numbers} dc_from the derivative with respect to the last c
 * @returns {Float64Array[]} (T, H); the last entry is dc_from
 */
export function carryPath(trace, dc_from) {
  if (!trace.cell.states.includes("c")) throw new TypeError("this cell has no c");
  const { T, H, f } = trace;
  const dc = rowsOf(T, H);
  if (T) dc[T - 1].set(flat(dc_from, "dc_from", [H]));
  for (let t = T - 2; t >= 0; t--) {
    for (let n = 0; n < H; n++) dc[t][n] = dc[t + 1][n] * f[t + 1][n];
  }
  return dc;
}

// --- random numbers -----------------------------------------------------------------------------

/**
 * Random numbers from 0 up to 1, the same for the same seed everywhere, to the last bit:
 * mulberry32 (Tommy Ettinger, public domain), a 32-bit counter whose bits are mixed.
 * @param {number} seed an integer; only its last 32 bits count
 * @returns {() => number} a multiple of 2^-32
 */
export function seededUniform(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// --- small parts --------------------------------------------------------------------------------

/**
 * A vector or a matrix as one array, row by row; what may be left out is zeros.
 * @param {Numbers | Rows | null | undefined} values
 * @param {string} name
 * @param {number[]} shape
 */
function flat(values, name, shape) {
  const size = shape.reduce((product, length) => product * length, 1);
  const out = new Float64Array(size);
  if (values == null && ["b", "h0", "c0", "dc_last"].includes(name)) return out;
  const nested =
    shape.length === 2 ? /** @type {Rows} */ (values) : [/** @type {Numbers} */ (values)];
  const [height, width] = shape.length === 2 ? shape : [1, size];
  if (nested?.length !== height) throw wrongShape(name, shape);
  for (let row = 0; row < height; row++) {
    if (nested[row]?.length !== width) throw wrongShape(name, shape);
    for (let n = 0; n < width; n++) out[row * width + n] = nested[row][n]; // set() is slower
  }
  return out;
}

/** @param {string} name @param {number[]} shape */
function wrongShape(name, shape) {
  return new RangeError(`${name}: expected the shape (${shape.join(", ")})`);
}

/** `count` rows of zeros. @param {number} count @param {number} width */
function rowsOf(count, width) {
  return Array.from({ length: count }, () => new Float64Array(width)); // quicker than views
}

/** The rows of a flat matrix, as views. @param {Float64Array} array @param {number} count */
function rows(array, count) {
  const width = array.length / count;
  return Array.from({ length: count }, (_, row) => array.subarray(row * width, (row + 1) * width));
}
