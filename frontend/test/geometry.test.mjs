import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cellGeometry,
  curvePath,
  gaugeFill,
  levelPath,
  markerPath,
  NODE_RADIUS,
} from "../kit/geometry.mjs";
import { PALETTE } from "../kit/tables.mjs";
import { READING_ORDER } from "../numerics/lstm.mjs";

const WIDTHS = [278, 304, 334, 519, 520, 690, 866];

test("everything stays inside the drawing, at every width and size", () => {
  for (const width of WIDTHS) {
    for (let inputs = 2; inputs <= 7; inputs++) {
      const g = cellGeometry(width, inputs);
      const points = [
        ...Object.values(g.nodes),
        ...g.chips,
        ...Object.values(g.labels),
        ...Object.values(g.sums),
      ];
      for (const { x, y } of points) {
        assert.ok(x >= 0 && x <= width, `x = ${x} at ${width}`);
        assert.ok(y >= 0 && y <= g.height - 16, `y = ${y} of ${g.height}`);
      }
      assert.equal(g.chips.length, inputs + 1);
      assert.doesNotMatch(JSON.stringify(g), /null|NaN/);
    }
  }
});

test("the gates stand in reading order and do not touch", () => {
  for (const width of WIDTHS) {
    const { curves } = cellGeometry(width, 4);
    const boxes = READING_ORDER.map((gate) => curves[gate]);
    for (let k = 1; k < 4; k++)
      assert.ok(boxes[k - 1].x + boxes[k - 1].width < boxes[k].x, `at ${width}`);
  }
});

test("inputs that would touch alternate between two rows", () => {
  const { chips } = cellGeometry(304, 7);
  for (let k = 2; k < 8; k++)
    assert.ok(chips[k].x - chips[k - 2].x >= 60 && chips[k].y === chips[k - 2].y);
});

test("a gauge fills with its gate, a signed one from the middle", () => {
  const box = { x: 0, y: 0, width: 10, height: 40 };
  assert.deepEqual(gaugeFill(box, 0.25, false), { x: 0, y: 30, width: 10, height: 10 });
  assert.deepEqual(gaugeFill(box, -0.5, true), { x: 0, y: 20, width: 10, height: 10 });
  assert.equal(gaugeFill(box, 0, true).height, 0);
});

test("the level in a node runs from nothing to the whole disc", () => {
  const centre = { x: 20, y: 20 };
  assert.equal(levelPath(centre, NODE_RADIUS, 0), "");
  assert.match(levelPath(centre, NODE_RADIUS, 1), /^M7,20a/);
  assert.match(levelPath(centre, NODE_RADIUS, 0.5), /^M7,20A13,13 0 0 0 33,20Z$/);
  assert.match(levelPath(centre, NODE_RADIUS, 0.75), / 0 1 0 /);
});

test("each marker of the palette is drawn, and no two alike", () => {
  const paths = ["x", "i", "f", "g", "o", "c", "h"].map((key) =>
    markerPath(PALETTE[/** @type {"x"} */ (key)].marker, 60),
  );
  assert.equal(new Set(paths).size, 7);
  for (const path of [...paths, curvePath({ x: 0, y: 0, width: 66, height: 38 }, "g")])
    assert.doesNotMatch(path, /NaN|undefined/);
});
