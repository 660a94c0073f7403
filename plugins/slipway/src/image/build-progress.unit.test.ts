import { readBuildStep } from './build-progress';

describe('readBuildStep', () => {
  it('reads the classic builder', () => {
    expect(readBuildStep('Step 3/12 : RUN npm ci')).toEqual({ step: 3, of: 12, instruction: 'RUN npm ci' });
  });

  it('reads BuildKit, with and without a stage name', () => {
    expect(readBuildStep('#7 [build 2/5] RUN  npm ci')).toEqual({ step: 2, of: 5, instruction: 'RUN npm ci' });
    expect(readBuildStep('#5 [1/2] FROM debian')).toEqual({ step: 1, of: 2, instruction: 'FROM debian' });
  });

  it('passes over everything else', () => {
    expect(readBuildStep(' ---> Running in 0123')).toBeNull();
    expect(readBuildStep('#7 [internal] load build definition')).toBeNull();
  });

  it('keeps it short', () => {
    expect(readBuildStep(`Step 1/1 : RUN ${'x'.repeat(200)}`)?.instruction).toHaveLength(80);
  });
});
