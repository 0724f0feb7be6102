using static TorchSharp.torch;

namespace CovidCt.Embedding.OnDevice;

/// <summary>
/// The steps of <see cref="GradientDescent"/> on tensors. Positions, gains and steps stay on the device; its tensors belong to the dispose
/// scope of whoever made it.
/// </summary>
/// <param name="slabs">Attraction.</param>
/// <param name="repulsion">Repulsion.</param>
/// <param name="positions">[2, N], float32, moved in place.</param>
internal sealed class DeviceDescent(DeviceSlabs slabs, IDeviceRepulsion repulsion, Tensor positions)
{
    private readonly Tensor _gains = ones_like(positions);
    private readonly Tensor _steps = zeros_like(positions);

    /// <summary>One step; afterwards the mean is the origin.</summary>
    /// <param name="maxStep">The greatest length of a point's step.</param>
    public void Step(double exaggeration, double rate, double momentum, double maxStep)
    {
        using var scope = NewDisposeScope();
        var gradient = Gradient(exaggeration);

        // Grows while a coordinate keeps going downhill, shrinks where it overshot.
        _gains.copy_(where(_steps.sign().eq(gradient.sign()), (_gains * 0.8).add_(0.01), _gains + 0.2));
        _steps.mul_(momentum).sub_(gradient.mul_(_gains).mul_(rate));
        _steps.mul_(_steps.square().sum(0, keepdim: true).sqrt_().reciprocal_().mul_(maxStep).clamp_(max: 1));
        positions.add_(_steps);
        positions.sub_(positions.mean([1], keepdim: true, ScalarType.Float64));
    }

    /// <summary>The gradient of <see cref="TsneForces{T}"/>.</summary>
    /// <returns>[2, N].</returns>
    public Tensor Gradient(double exaggeration)
    {
        using var scope = NewDisposeScope();
        var (push, z) = repulsion.Compute(positions);
        return slabs.Attraction(positions).mul_(exaggeration).sub_(push.mul_(z.reciprocal())).MoveToOuterDisposeScope();
    }
}
