using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace CovidCt.Models.Weights.Formats;

/// <summary>Writes the pickle of a state_dict, protocol 2, as <c>torch.save</c> does.</summary>
internal sealed class PickleWriter
{
    private readonly ArrayBufferWriter<byte> _pickle = new();

    private PickleWriter() { }

    /// <summary>An OrderedDict of contiguous tensors, whose storages are numbered from 0.</summary>
    public static byte[] StateDict(IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        var pickle = new PickleWriter();
        pickle.Raw([0x80, 2]);
        pickle.EmptyOrderedDict();
        pickle.Raw("("u8);
        for (var i = 0; i < tensors.Count; i++)
        {
            pickle.Text(tensors[i].Name);
            pickle.Tensor(tensors[i].Tensor, i);
        }

        pickle.Raw("u."u8);
        return pickle._pickle.WrittenSpan.ToArray();
    }

    // _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks)
    private void Tensor(Tensor tensor, int index)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Raw("(("u8);
        Text("storage");
        Global("torch", NumberType.Of(tensor.dtype)!.Storage!);
        Text(FormattableString.Invariant($"{index}"));
        Text("cpu");
        Number(tensor.numel());
        Raw("tQ"u8);
        Number(0);
        Numbers(tensor.shape);
        Numbers(StridesOf(tensor.shape));
        Raw([0x89]);
        EmptyOrderedDict();
        Raw("tR"u8);
    }

    private static long[] StridesOf(long[] shape)
    {
        var strides = new long[shape.Length];
        var stride = 1L;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }

        return strides;
    }

    private void EmptyOrderedDict()
    {
        Global("collections", "OrderedDict");
        Raw(")R"u8);
    }

    private void Global(string module, string name) => Raw(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Raw("X"u8);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        Raw(length);
        Raw(bytes);
    }

    private void Numbers(long[] numbers)
    {
        Raw("("u8);
        foreach (var number in numbers)
        {
            Number(number);
        }

        Raw("t"u8);
    }

    private void Number(long number)
    {
        Span<byte> bytes = stackalloc byte[10];
        (bytes[0], bytes[1]) = (0x8a, 8);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[2..], number);
        Raw(bytes);
    }

    private void Raw(ReadOnlySpan<byte> bytes) => _pickle.Write(bytes);
}
