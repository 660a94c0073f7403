import { stepExecutor } from '../step-executor';

export default stepExecutor(
  () => (require('../../lifecycle/steps/doctor') as typeof import('../../lifecycle/steps/doctor')).doctor,
);
