namespace CovidCt.Models.Weights.Formats;

/// <summary>A dictionary of a pickle, in order; of equal keys the last counts.</summary>
internal sealed class PickleDictionary
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];
}

/// <summary>A tuple of a pickle.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A value that a state_dict may stand beside and that says nothing about it, such as bytes or a device.</summary>
internal sealed class PickleOpaque
{
    public static readonly PickleOpaque Value = new();
}

/// <summary>A name of a pickle that a state_dict needs; no other becomes a value.</summary>
internal abstract record PickleGlobal(string Name)
{
    /// <summary>The class of a storage, and with it the type of its numbers; bytes for an untyped one.</summary>
    public sealed record Storage(string Name, NumberType Type) : PickleGlobal(Name);

    /// <summary>A type of number.</summary>
    public sealed record DType(string Name, NumberType Type) : PickleGlobal(Name);

    /// <summary>Something that may be called: only what is known of its outcome happens.</summary>
    public sealed record Callable(string Name, Func<object?[], object?> Call) : PickleGlobal(Name);
}

/// <summary>Numbers that lie elsewhere in the file.</summary>
/// <param name="Key">The storage's key.</param>
/// <param name="Type">The type of its numbers.</param>
/// <param name="Begin">Elements of the storage before this view of it.</param>
/// <param name="Elements">Elements of this view.</param>
/// <param name="Whole">Elements of the storage.</param>
internal sealed record PickleStorage(string Key, NumberType Type, long Begin, long Elements, long Whole);

/// <summary>A tensor: a storage, and how to walk through it.</summary>
internal sealed record PickleTensor(PickleStorage Storage, NumberType Type, long Offset, long[] Shape, long[] Strides);
