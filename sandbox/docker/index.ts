/**
 * Native programs in containers of any engine that speaks Docker's API.
 *
 * @example
 * const sandbox = await createDockerSandbox(); // DOCKER_HOST is honoured
 * const { verdict } = await sandbox.judge(task);
 * await sandbox.close();
 */
export { createDockerSandbox, type DockerSandboxOptions } from "./docker-sandbox.ts";
