using CovidCt.Models;
using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Explanation;

/// <summary>A network whose logits are any function of the images.</summary>
internal sealed class LogitNetwork(int classes, Func<Tensor, Tensor> logits) : IInferenceNetwork
{
    public BackboneSpec Spec { get; } = new BackboneFactory().Spec("resnet18");

    public int Classes => classes;

    public Device Device => CPU;

    /// <summary>Logits that are sums of weights times pixels.</summary>
    public static LogitNetwork Linear(int classes, float[] weights) => new(classes, images =>
    {
        using var scope = NewDisposeScope();
        return images.flatten(1).matmul(tensor(weights, [classes, weights.Length / classes]).t()).MoveToOuterDisposeScope();
    });

    public Tensor FeatureMap(Tensor images) => throw new NotSupportedException();

    public Tensor Pool(Tensor featureMap) => throw new NotSupportedException();

    public Tensor Head(Tensor featureMap) => throw new NotSupportedException();

    public Tensor Logits(Tensor images) => logits(images);

    public void Dispose()
    {
    }
}
