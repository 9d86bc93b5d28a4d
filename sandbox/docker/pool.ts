/** Containers that are up before they are needed; each is used for one submission and removed. */
import type Docker from "dockerode";
import { Container, type ContainerOptions } from "./container.ts";

export class Pool {
  readonly #docker: Docker;
  readonly #options: ContainerOptions;
  readonly #sizeMax: number;
  readonly #ready: Promise<Container>[] = [];
  readonly #all = new Set<Container>();
  #closed = false;

  constructor(docker: Docker, options: ContainerOptions, sizeMax: number) {
    this.#docker = docker;
    this.#options = options;
    this.#sizeMax = sizeMax;
  }

  /** A fresh container with this much memory for programs. @throws when the engine refuses. */
  async take(memoryMiB: number): Promise<Container> {
    const waiting = this.#ready.shift();
    if (!this.#closed) this.fill();
    const ready = await waiting?.catch(() => undefined);
    const container = ready?.usable === true ? ready : await this.#start();
    await container.setMemory(memoryMiB);
    return container;
  }

  async give(container: Container): Promise<void> {
    this.#all.delete(container);
    await container.remove();
  }

  fill(): void {
    while (this.#ready.length < this.#sizeMax) {
      const started = this.#start();
      started.catch(() => undefined);
      this.#ready.push(started);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#ready.splice(0));
    await Promise.all([...this.#all].map((container) => this.give(container)));
  }

  async #start(): Promise<Container> {
    const container = await Container.start(this.#docker, this.#options);
    this.#all.add(container);
    if (this.#closed) await this.give(container);
    return container;
  }
}
