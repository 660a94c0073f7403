import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/check') as typeof import('../../lifecycle/steps/check')).check,
);
