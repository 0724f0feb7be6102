using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Explanation;

/// <summary>A network within whose first two calls of the head two threads wait for each other.</summary>
internal sealed class MeetingNetwork(IBackbone network, Barrier meeting) : IBackbone
{
    private int _calls, _met;

    /// <summary>Whether both were there at once.</summary>
    public bool HaveMet => _met == 2;

    public BackboneSpec Spec => network.Spec;

    public int Classes => network.Classes;

    public nn.Module<Tensor, Tensor> Network => network.Network;

    public Tensor FeatureMap(Tensor images) => network.FeatureMap(images);

    public Tensor Pool(Tensor featureMap) => network.Pool(featureMap);

    public Tensor Head(Tensor featureMap)
    {
        if (Interlocked.Increment(ref _calls) <= 2 && meeting.SignalAndWait(TimeSpan.FromSeconds(10)))
        {
            Interlocked.Increment(ref _met);
        }

        return network.Head(featureMap);
    }

    public IReadOnlyList<(string Name, Parameter Parameter)> TrainableParameters(NetworkPart part) => network.TrainableParameters(part);

    public void ReplaceHead(int classes, long seed) => network.ReplaceHead(classes, seed);

    public IInferenceNetwork ForInference() => network.ForInference();

    public void Dispose() => network.Dispose();
}
