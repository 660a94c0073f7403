import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/load') as typeof import('../../lifecycle/steps/load')).load,
);
