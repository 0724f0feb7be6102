using CovidCt.Networks;
using CovidCt.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Models;

/// <summary>
/// One of the study's convolutional networks: images to feature map to logits, under the state_dict keys that
/// torchvision (Xception: timm) publishes its weights with.
/// </summary>
/// <remarks>
/// A backbone owns its native tensors; dispose it when done. Disposed while another thread calls one of its methods, one of this library's
/// finishes the call and is freed with it, and later calls end in an <see cref="ObjectDisposedException"/>; tensors of it that a caller
/// holds, such as parameters, go with it. Every method leaves its argument untouched and returns a
/// tensor that the caller (or the caller's dispose scope) owns.
/// </remarks>
public interface IBackbone : IDisposable
{
    /// <summary>What is known about the network before any weight is loaded.</summary>
    BackboneSpec Spec { get; }

    /// <summary>The number of classes, which is the number of logits.</summary>
    int Classes { get; }

    /// <summary>The TorchSharp module, for its mode, device and state_dict; its keys are the published ones.</summary>
    nn.Module<Tensor, Tensor> Network { get; }

    /// <summary>
    /// The tensor that global pooling receives, after the last ReLU (SqueezeNet: after its last fire module).
    /// </summary>
    /// <param name="images">[N, 3, H, W], normalised as <see cref="BackboneSpec.Normalisation"/> says.</param>
    /// <returns>[N, <see cref="BackboneSpec.FeatureWidth"/>, h, w].</returns>
    Tensor FeatureMap(Tensor images);

    /// <summary>The penultimate features: the feature map averaged over its places.</summary>
    /// <param name="featureMap">[N, C, h, w] from <see cref="FeatureMap"/>.</param>
    /// <returns>[N, C].</returns>
    Tensor Pool(Tensor featureMap);

    /// <summary>The logits, one a class.</summary>
    /// <param name="featureMap">[N, C, h, w] from <see cref="FeatureMap"/>.</param>
    /// <returns>[N, <see cref="Classes"/>].</returns>
    Tensor Head(Tensor featureMap);

    /// <summary>
    /// The parameters that training may change, in state_dict order; never those of InceptionV3's auxiliary head,
    /// which is loaded and saved but not run.
    /// </summary>
    /// <param name="part">The whole network, or its head alone.</param>
    IReadOnlyList<(string Name, Parameter Parameter)> TrainableParameters(NetworkPart part);

    /// <summary>
    /// Puts a freshly initialised head for another number of classes in the place of the present one, InceptionV3's
    /// auxiliary head included; nothing else changes.
    /// </summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="seed">The seed of the head's initial values.</param>
    void ReplaceHead(int classes, long seed);

    /// <summary>
    /// A copy of the network, as it is now, that only answers: in evaluation mode, without gradients, and faster.
    /// </summary>
    /// <remarks>The network is left as it is, and its later changes don't reach the copy.</remarks>
    IInferenceNetwork ForInference();

    /// <summary>The network for training in bfloat16, disposed before it; null, the default, where it trains in float32 alone.</summary>
    /// <param name="trained">The trained parameters; what of the others has no gradient must not change any more.</param>
    /// <param name="flat">
    /// The buffer, float32, whose views they are, from its memory's first value on, so that one operator rounds them all; null where each
    /// has its own memory.
    /// </param>
    IBackbone? ForMixedPrecision(IReadOnlyList<Parameter> trained, Tensor? flat) => null;

    /// <summary>
    /// The tensor at which a parameter's gradient arrives: the parameter itself, or a copy in bfloat16 that a network of
    /// <see cref="ForMixedPrecision"/> computes with.
    /// </summary>
    /// <param name="parameter">One of <see cref="TrainableParameters"/>.</param>
    Tensor LeafOf(Parameter parameter) => parameter;
}
