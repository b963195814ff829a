import { shortPath } from "../../report/path";

it.each<[string, string, string]>([
  ["steps as level and upright moves", "M0,10L5.04,10L5.04,2.5L9,2.5", "M0,10h5v-7.5h4"],
  ["moves in one direction as one", "M0,0L1,0L2,0L3,0L3,4", "M0,0h3v4"],
  ["there and back as two", "M0,0L5,0L2,0", "M0,0h5h-3"],
  ["slopes", "M0,0L1.5,2.25L3,3", "M0,0l1.5,2.3l1.5,0.7"],
  ["what is closed, and several parts", "M0,0L1,0L1,1ZM5,5L6,6", "M0,0h1v1ZM5,5l1,1"],
  ["points that are one", "M0,0L0.01,0.01L4,0", "M0,0h4"],
  ["curves are left alone", "M0,0C1,1,2,2,3,3", "M0,0C1,1,2,2,3,3"],
])("%s", (_, path, short) => {
  expect(shortPath(path)).toBe(short);
});
