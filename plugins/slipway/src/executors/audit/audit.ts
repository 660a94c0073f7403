import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/audit') as typeof import('../../lifecycle/steps/audit')).audit,
);
