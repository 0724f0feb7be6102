using CovidCt.Models.Blocks;
using CovidCt.Models.Folding;
using static TorchSharp.torch;

namespace CovidCt.Models.Onnx;

/// <summary>
/// Class activation maps of the last feature map A in closed form, from the forward pass alone, of heads whose gradient is known: global
/// pooling and one linear layer, or a convolution of 1×1, a ReLU and global pooling, as SqueezeNet's, or without the ReLU.
/// </summary>
/// <remarks>
/// With W the weights of the head, h·w places and m = 1, the gradient of logit c by A_kij is W_ck m_cij / (h·w); of the second kind of
/// head m_cij is 1 where its convolution is above 0, and else 0. With f the pooled features and m̄ the mean of m over the places:
/// <list type="bullet">
/// <item>Grad-CAM (Selvaraju et al. 2017): m̄_c / (h·w) Σ_k W_ck A_kij;</item>
/// <item>Grad-CAM++ (Chattopadhyay et al. 2018): m̄_c Σ_k relu(W_ck) / (2 + W_ck f_k) A_kij;</item>
/// <item>LayerCAM (Jiang et al. 2021): m_cij / (h·w) Σ_k relu(W_ck) A_kij.</item>
/// </list>
/// These are the maps of <c>GradCam</c> before they are brought to [0, 1].
/// </remarks>
/// <param name="graph">The graph.</param>
/// <param name="steps">Writes steps into it.</param>
internal sealed class OnnxMaps(OnnxGraph graph, OnnxSteps steps)
{
    private static readonly ConvolutionGeometry Pointwise = new([1, 1], [0, 0], [1, 1], 1);

    /// <summary>Adds the three maps of each class.</summary>
    /// <param name="head">The folded head.</param>
    /// <param name="featureMap">A, [N, C, h, w].</param>
    /// <param name="features">f, [N, C].</param>
    /// <returns>[N, 3, classes, h, w], in the order above.</returns>
    /// <exception cref="NotSupportedException">The head is of another kind.</exception>
    public string Write(Step head, OnnxSteps.Value featureMap, string features)
    {
        using var scope = NewDisposeScope();
        return head.Flat().ToArray() switch
        {
            [GlobalPoolStep, FoldedLinear linear] => Maps(linear.Weight, null, featureMap, features),
            [FoldedConvolution last, GlobalPoolStep] when last.Weight.shape is [_, _, 1, 1] =>
                Maps(last.Weight.flatten(1), last.EndsInRelu ? Active(last, featureMap) : null, featureMap, features),
            _ => throw new NotSupportedException("Maps are written of heads that pool and have one layer, and of SqueezeNet's."),
        };
    }

    private string Maps(Tensor weight, string? active, OnnxSteps.Value map, string features)
    {
        var positive = weight.relu();
        var places = Places(map);
        var share = active is null ? null : graph.Add("ReduceMean", [active], ("axes", (long[])[2, 3]), ("keepdims", 1));
        var gradCam = Times(graph.Add("Div", [Weighted(weight, map), places]), share);
        var plusPlus = Times(PlusPlus(weight, positive, map, features), share);
        var layerCam = Times(graph.Add("Div", [Weighted(positive, map), places]), active);
        return graph.Add("Concat", [.. new[] { gradCam, plusPlus, layerCam }.Select(Alone)], ("axis", 1));
    }

    private string Active(FoldedConvolution last, OnnxSteps.Value map)
    {
        var answer = steps.Convolution(last.Weight, last.Bias, last.Geometry, map);
        return graph.Add("Sign", [graph.Add("Relu", [answer.Name])]);
    }

    private string Weighted(Tensor weight, OnnxSteps.Value map) =>
        steps.Convolution(weight.unsqueeze(2).unsqueeze(3), null, Pointwise, map).Name;

    /// <summary>relu(W) / (2 + W f), where that is a number, as weights of the channels of each image.</summary>
    private string PlusPlus(Tensor weight, Tensor positive, OnnxSteps.Value map, string features)
    {
        var product = graph.Add("Mul", [graph.Add("Unsqueeze", [features, graph.Integers(1)]), steps.Constant(weight)]);
        var denominator = graph.Add("Add", [product, graph.Constant(2)]);
        var isZero = graph.Add("Equal", [denominator, graph.Constant(0)]);
        var weights = graph.Add(
            "Where", [isZero, graph.Constant(0), graph.Add("Div", [steps.Constant(positive), denominator])]);
        var rows = graph.Add("Reshape", [map.Name, graph.Integers(0, 0, -1)]);
        var shape = graph.Add("Concat", [graph.Integers(0, 0), SizeOf(map)], ("axis", 0));
        return graph.Add("Reshape", [graph.Add("MatMul", [weights, rows]), shape]);
    }

    private string Places(OnnxSteps.Value map) =>
        graph.Add("Cast", [graph.Add("ReduceProd", [SizeOf(map)], ("axes", (long[])[0]), ("keepdims", 0))], ("to", 1));

    private string SizeOf(OnnxSteps.Value map) => graph.Add("Shape", [map.Name], ("start", 2));

    private string Times(string map, string? factor) => factor is null ? map : graph.Add("Mul", [map, factor]);

    private string Alone(string map) => graph.Add("Unsqueeze", [map, graph.Integers(1)]);
}
