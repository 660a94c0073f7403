import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/status') as typeof import('../../lifecycle/steps/status')).status,
);
