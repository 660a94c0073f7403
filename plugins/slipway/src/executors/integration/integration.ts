import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () =>
    (require('../../lifecycle/steps/integration') as typeof import('../../lifecycle/steps/integration')).integration,
);
