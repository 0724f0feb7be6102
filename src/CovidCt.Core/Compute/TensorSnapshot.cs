using static TorchSharp.torch;

namespace CovidCt.Compute;

/// <summary>
/// A copy of tensors as they are now, on their device, as one block a type, so that each type comes to the host in one transfer.
/// </summary>
internal sealed class TensorSnapshot : IDisposable
{
    private readonly List<(List<(string Name, long[] Shape)> Entries, Tensor Values)> _blocks = [];

    /// <param name="tensors">Named tensors of one device, of any layout.</param>
    public TensorSnapshot(IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        foreach (var block in tensors.GroupBy(entry => entry.Tensor.dtype))
        {
            var values = cat([.. block.Select(entry => entry.Tensor.reshape(-1))]);
            _blocks.Add(([.. block.Select(entry => (entry.Name, entry.Tensor.shape))], values.DetachFromDisposeScope()));
        }
    }

    /// <summary>The tensors on the CPU, in the caller's dispose scope, grouped by their type. It waits for the device.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> OnHost()
    {
        using var guard = no_grad();
        List<(string, Tensor)> tensors = [];
        foreach (var (entries, values) in _blocks)
        {
            var host = values.cpu();
            var start = 0L;
            foreach (var (name, shape) in entries)
            {
                var length = shape.Aggregate(1L, (product, size) => product * size);
                tensors.Add((name, host.narrow(0, start, length).view(shape)));
                start += length;
            }
        }

        return tensors;
    }

    /// <inheritdoc/>
    public void Dispose() => _blocks.ForEach(block => block.Values.Dispose());
}
