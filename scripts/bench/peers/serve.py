"""ONNX Runtime behind FastAPI: the peer of `martlet bench serve`.

Takes the Open Inference Protocol v2 in JSON at /v2/models/mlp/infer and answers with the 784-512-512-10 network, one
thread for the network and one process, as `uvicorn serve:app` starts it. Needs onnx, onnxruntime, numpy, fastapi,
uvicorn with uvloop and httptools, and orjson: the fastest parts that the Python world has for each step.
"""
import numpy
import onnx
import onnxruntime
import orjson
from fastapi import FastAPI, Request, Response
from onnx import TensorProto, helper, numpy_helper

SIZES = [784, 512, 512, 10]


def network() -> bytes:
    """The model with random weights: for speed, what it has learned does not matter."""
    random = numpy.random.default_rng(7)
    nodes, weights, value = [], [], "input"
    for layer, (inputs, outputs) in enumerate(zip(SIZES, SIZES[1:])):
        bound = inputs**-0.5
        weights.append(numpy_helper.from_array(random.uniform(-bound, bound, (inputs, outputs)).astype("f4"), f"w{layer}"))
        weights.append(numpy_helper.from_array(random.uniform(-bound, bound, outputs).astype("f4"), f"b{layer}"))
        last = layer == len(SIZES) - 2
        result = "output" if last else f"linear{layer}"
        nodes.append(helper.make_node("Gemm", [value, f"w{layer}", f"b{layer}"], [result]))
        if not last:
            nodes.append(helper.make_node("Relu", [result], [f"relu{layer}"]))
            value = f"relu{layer}"
    graph = helper.make_graph(
        nodes,
        "mlp",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["rows", SIZES[0]])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["rows", SIZES[-1]])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(network(), options, providers=["CPUExecutionProvider"])
app = FastAPI()


@app.post("/v2/models/mlp/infer")
async def infer(request: Request) -> Response:
    tensor = orjson.loads(await request.body())["inputs"][0]
    rows = numpy.array(tensor["data"], dtype=numpy.float32).reshape(tensor["shape"])
    (logits,) = session.run(None, {"input": rows})
    output = {"name": "output", "shape": logits.shape, "datatype": "FP32", "data": logits.ravel().tolist()}
    return Response(orjson.dumps({"model_name": "mlp", "outputs": [output]}), media_type="application/json")
