using CovidCt.Models.Weights.Formats;
using static TorchSharp.torch;

namespace CovidCt.Models.Weights;

/// <content>What is known of each tensor.</content>
public sealed partial class TensorFile
{
    /// <summary>One tensor of a file.</summary>
    public sealed record Entry
    {
        internal Entry(string name, NumberType stored, IReadOnlyList<long> shape, long offset, long[]? strides = null) =>
            (Name, Stored, Shape, Offset, Strides) = (name, stored, shape, offset, strides);

        /// <summary>Its key.</summary>
        public string Name { get; }

        /// <summary>The type of number that it is read as.</summary>
        public ScalarType Type => Stored.Type;

        /// <summary>Its shape; empty for a scalar.</summary>
        public IReadOnlyList<long> Shape { get; }

        /// <summary>
        /// The file's own type under safetensors' name for it, such as <c>F32</c>. Types that TorchSharp lacks are read as wider
        /// ones: U16 as Int32, U32 and U64 as Int64, F8_E4M3 and F8_E5M2 as Float32.
        /// </summary>
        public string StoredAs => Stored.Name;

        /// <summary>The number of elements.</summary>
        public long Elements => Shape.Aggregate(1L, (product, size) => product * size);

        /// <summary>How the file has its numbers.</summary>
        internal NumberType Stored { get; }

        /// <summary>Where its first element begins in the file.</summary>
        internal long Offset { get; }

        /// <summary>Where it ends in the file, if it lies there in order.</summary>
        internal long End => Offset + (Elements * Stored.Size);

        /// <summary>Elements from one index to the next, for each dimension; null where they are in order without a gap.</summary>
        internal long[]? Strides { get; }

        /// <summary>The same tensor under another name, such as the one it has within a part of its file.</summary>
        internal Entry Renamed(string name) => new(name, Stored, Shape, Offset, Strides);

        /// <summary>Elements in the file from its first to its last, both included.</summary>
        internal long Extent =>
            Strides is null || Elements == 0 ? Elements : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();
    }
}
