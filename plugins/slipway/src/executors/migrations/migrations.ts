import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/migrations') as typeof import('../../lifecycle/steps/migrations')).migrations,
);
