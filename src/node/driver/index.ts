/**
 * The driver: runs a sans-IO machine on a real network, store, clock and sandbox.
 *
 * ```ts
 * const driver = new Driver({ machine, store, network, judge, slots: 1, now, laneOf, onNotice, onFatal });
 * driver.start();
 * await network.start(driver);
 * driver.command({ type: "status" }, (body) => console.log(body));
 * ```
 */
export { Driver, type DriverCounters, type DriverOptions, type Machine } from "./driver.ts";
export type { EvaluationHooks, Judge } from "./evaluator.ts";
export type { Lane } from "./inbox.ts";
