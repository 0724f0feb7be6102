using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Models;

/// <summary>A network that only answers: with weights of its own that never change, and without gradients.</summary>
/// <remarks>
/// It may be called from many threads at once. Disposed while others call it, it finishes what is under way and is freed with the last
/// call; later ones end in an <see cref="ObjectDisposedException"/>. It answers what the network that it was
/// made of answers in evaluation mode, but for rounding: batch normalisation is folded into the convolutions before it.
/// </remarks>
public interface IInferenceNetwork : IDisposable
{
    /// <summary>What is known about the network.</summary>
    BackboneSpec Spec { get; }

    /// <summary>The number of classes, which is the number of logits.</summary>
    int Classes { get; }

    /// <summary>Where its weights are, and where it expects its input.</summary>
    Device Device { get; }

    /// <inheritdoc cref="IBackbone.FeatureMap"/>
    /// <exception cref="ArgumentException">They are no such images, or not of the weights' type or on their device.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    Tensor FeatureMap(Tensor images);

    /// <inheritdoc cref="IBackbone.Pool"/>
    Tensor Pool(Tensor featureMap);

    /// <inheritdoc cref="IBackbone.Head"/>
    Tensor Head(Tensor featureMap);

    /// <summary>The logits, one a class: the head's on the feature map.</summary>
    /// <inheritdoc cref="FeatureMap" path="/param"/>
    /// <returns>[N, <see cref="Classes"/>].</returns>
    /// <inheritdoc cref="FeatureMap" path="/exception"/>
    Tensor Logits(Tensor images);
}
