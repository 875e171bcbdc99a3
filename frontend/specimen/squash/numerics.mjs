/** σ and tanh of one number. No DOM. */

import { sigmoid } from "../../../frontend/numerics/lstm.mjs";

/** @param {{z: number}} input */
export const squashed = ({ z }) => ({ z, sigma: sigmoid(z), tanh: Math.tanh(z) });
