import { editManifest } from './index';

describe('Chart.yaml', () => {
  const of = (version: string, app: string): string => `version: ${version}\nappVersion: "${app}"\n`;

  it('has an appVersion that goes with the version where both are one, in any spelling', () => {
    expect(editManifest('Chart.yaml', of('1.2.0', '1.2.0'), { version: '1.3.0' })).toBe(of('1.3.0', '1.3.0'));
    expect(editManifest('Chart.yaml', of('1.2.0', 'v1.2.0'), { version: '1.3.0' })).toBe(of('1.3.0', 'v1.3.0'));
  });

  it('leaves the appVersion of what somebody else releases', () => {
    expect(editManifest('Chart.yaml', of('1.2.0', '16.4.0'), { version: '1.3.0' })).toBe(of('1.3.0', '16.4.0'));
  });
});
