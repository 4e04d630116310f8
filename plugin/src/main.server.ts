import { CONTRACT } from "../../shared/contract/index.js";
import { misfit } from "../../shared/check.js";
import { PROBLEMS } from "../../shared/problem.js";
import { DEFAULT_PORT } from "../../shared/protocol.js";
print(CONTRACT["files/list"], misfit, PROBLEMS, DEFAULT_PORT);
