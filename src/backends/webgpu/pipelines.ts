import { DeviceError } from '../../errors.js';
import { driversWords } from './drivers-words.js';
import { writePreamble, type Kernel } from './kernel.js';
import type { Wait } from './wait.js';

/** Gives the text of a file under shaders/. */
export type ShaderSource = (file: string) => Promise<string>;

/** Compiles kernels, each distinct one once, however many steps and programs use it. */
export class PipelineCache {
  private readonly pipelines = new Map<string, Promise<GPUComputePipeline>>();

  constructor(
    private readonly device: GPUDevice,
    private readonly source: ShaderSource,
    private readonly wait: Wait,
  ) {}

  /** Distinct pipelines so far. */
  get count(): number {
    return this.pipelines.size;
  }

  /** @throws DeviceError naming the shader if the driver refuses it */
  get(kernel: Kernel): Promise<GPUComputePipeline> {
    // Only known once the files are read, but two kernels that agree in these agree in their code.
    const key = JSON.stringify([kernel.files, kernel.constants]);
    let pipeline = this.pipelines.get(key);
    if (!pipeline) {
      pipeline = this.compile(kernel);
      this.pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  private async compile(kernel: Kernel): Promise<GPUComputePipeline> {
    const files = await Promise.all(kernel.files.map((file) => this.source(file)));
    const code = writePreamble(kernel) + files.join('\n');
    const label = kernel.files[0];
    this.device.pushErrorScope('validation');
    const module = this.device.createShaderModule({ label, code });
    const invalid = this.device.popErrorScope();
    try {
      const compute = { module };
      return await this.wait(this.device.createComputePipelineAsync({ label, layout: 'auto', compute }));
    } catch (error) {
      const reason = driversWords((await invalid) ?? error);
      throw new DeviceError(`The driver refused the kernel ${kernel.files.join(' + ')}: ${reason}.`, {
        cause: error,
      });
    }
  }
}
