using CovidCt.Augmentation;
using CovidCt.Canvases;
using CovidCt.Compute;
using static TorchSharp.torch;

namespace CovidCt.Training;

/// <summary>What a training shows its network: the same rows in every epoch, in another order and augmented in another way.</summary>
internal abstract class TrainingInput : IDisposable
{
    /// <summary>The input in the way that suits a device.</summary>
    /// <param name="canvases">The canvases of all rows.</param>
    /// <param name="labels">The class index of each row of <paramref name="canvases"/>.</param>
    /// <param name="rows">The rows that are trained on.</param>
    /// <param name="augmenter">Makes images of canvases.</param>
    /// <param name="seed">Decides the augmentation.</param>
    /// <param name="memory">The device's.</param>
    public static TrainingInput For(
        CanvasStore canvases, IReadOnlyList<int> labels, IReadOnlyList<int> rows, Augmenter augmenter, long seed, DeviceMemory memory) =>
        memory.IsApart
            ? new DeviceInput(canvases, labels, rows, augmenter, seed, memory)
            : new HostInput(canvases, labels, augmenter, seed, memory.Device);

    /// <summary>The input of one epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="parts">The rows of each forward pass.</param>
    /// <returns>One part each, whose tensors belong to the dispose scope of whoever asks for it.</returns>
    public abstract IEnumerable<TrainingPart> Epoch(int epoch, IReadOnlyList<int[]> parts);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>On the processor: canvases are read while the ones before are in use, and each image is augmented as it is met.</summary>
    private sealed class HostInput(
        CanvasStore canvases, IReadOnlyList<int> labels, Augmenter augmenter, long seed, Device device) : TrainingInput
    {
        public override IEnumerable<TrainingPart> Epoch(int epoch, IReadOnlyList<int[]> parts)
        {
            foreach (var (batch, part) in canvases.Batches(parts, device).Zip(parts))
            {
                Tensor images;
                using (batch)
                {
                    images = augmenter.Augment(batch, seed, epoch, part);
                }

                yield return new(images, tensor(Array.ConvertAll(part, row => (long)labels[row]), ScalarType.Int64, device: device));
            }
        }

        public override void Dispose()
        {
        }
    }

    /// <summary>
    /// On a card: canvases lie there where they fit, and all that the epoch's passes need is sent before the first of them.
    /// </summary>
    /// <remarks>
    /// Images of several passes are augmented together, since launching an operator takes the host longer than a few images take the
    /// card. It changes no image.
    /// </remarks>
    private sealed class DeviceInput : TrainingInput
    {
        private const int ImagesAtOnce = 128; // Half a gigabyte at most at 335 × 255, while they are made.

        private readonly CanvasStore _canvases;
        private readonly IReadOnlyList<int> _labels;
        private readonly long _seed;
        private readonly DeviceMemory _memory;
        private readonly DeviceAugmenter _augmenter;
        private readonly ResidentCanvases? _resident;

        public DeviceInput(
            CanvasStore canvases, IReadOnlyList<int> labels, IReadOnlyList<int> rows, Augmenter augmenter, long seed, DeviceMemory memory)
        {
            (_canvases, _labels, _seed, _memory) = (canvases, labels, seed, memory);
            _resident = ResidentCanvases.TryMake(canvases, rows, memory);
            _augmenter = augmenter.On(memory, canvases.Size);
        }

        public override IEnumerable<TrainingPart> Epoch(int epoch, IReadOnlyList<int[]> parts)
        {
            int[][][] groups = [.. parts.Chunk(Math.Max(1, ImagesAtOnce / parts[0].Length))];
            int[][] batches = [.. groups.Select(group => group.SelectMany(part => part).ToArray())];
            int[] order = [.. batches.SelectMany(batch => batch)];
            using var plan = _augmenter.Plan(_seed, epoch, batches, [.. order.Select(row => PixelRectangle.On(_canvases.Geometries[row]))]);
            using var expected = _memory.Upload(tensor(Array.ConvertAll(order, row => (long)_labels[row]))).DetachFromDisposeScope();
            var (number, first) = (0, 0);
            foreach (var batch in _resident?.Batches(batches) ?? _canvases.Batches(batches, _memory))
            {
                using var images = Augmented(batch, plan.Part(number));
                var start = 0;
                foreach (var part in groups[number])
                {
                    yield return new(images.narrow(0, start, part.Length), expected.narrow(0, first + start, part.Length));
                    start += part.Length;
                }

                (number, first) = (number + 1, first + start);
            }
        }

        /// <summary>Several passes share it, each of which may have a dispose scope of its own: it outlives them.</summary>
        private Tensor Augmented(CanvasBatch batch, PlannedPart part)
        {
            using (batch)
            {
                return _augmenter.Augment(batch.Gray, part).DetachFromDisposeScope();
            }
        }

        public override void Dispose()
        {
            _resident?.Dispose();
            _augmenter.Dispose();
        }
    }
}

/// <summary>The input of one forward pass.</summary>
/// <param name="Images">float32 [B, 3, H, W], normalised, channels-last.</param>
/// <param name="Labels">int64 [B]: class indices.</param>
internal readonly record struct TrainingPart(Tensor Images, Tensor Labels);
