/** The kernels of WebGPU, which only those load who compute with it. */
const files = import.meta.glob<string>('../../../shaders/**/*.wgsl', {
  eager: true,
  query: '?raw',
  import: 'default',
});

export function readShader(file: string): Promise<string> {
  return Promise.resolve(files[`../../../shaders/${file}`]);
}
