using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace CovidCt.Models.Weights.Formats;

/// <summary>
/// Reads what a pickled state_dict needs of Python's pickle format, protocols 2 to 5. Whatever else a pickle asks for is
/// refused by name where it is met; nothing is looked up, imported or called but <see cref="PickleGlobals"/>.
/// </summary>
/// <remarks>
/// Format: CPython, Lib/pickletools.py. The reader never calls itself, and the values it makes are limited in number, so that
/// neither depth nor cycles nor repetition costs more than the limit.
/// </remarks>
internal ref struct PickleReader(ReadOnlySpan<byte> pickles)
{
    /// <summary>Dozens of times what the largest networks with their optimisers need.</summary>
    private const int MostValues = 500_000;

    private const int LongestNumber = 256;
    private const int LongestName = 1024;

    private readonly ReadOnlySpan<byte> _pickles = pickles;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private readonly Dictionary<string, PickleStorage> _storages = new(StringComparer.Ordinal);
    private int _values;

    /// <summary>Bytes read so far: the next pickle begins here.</summary>
    public int Position { get; private set; }

    /// <summary>The storages that the pickles refer to, by their keys.</summary>
    public readonly IReadOnlyDictionary<string, PickleStorage> Storages => _storages;

    /// <summary>Reads one pickle.</summary>
    /// <returns>
    /// Null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="string"/>,
    /// <c>List&lt;object?&gt;</c>, or one of the Pickle… types.
    /// </returns>
    /// <exception cref="FormatException">The pickle is broken, or asks for something that a state_dict doesn't need.</exception>
    public object? Read()
    {
        _stack.Clear();
        _marks.Clear();
        _memo.Clear();
        while (true)
        {
            var opcode = Byte();
            if (opcode == '.')
            {
                return Pop();
            }

            Execute(opcode);
        }
    }

    private void Execute(byte opcode)
    {
        switch ((char)opcode)
        {
            case '\u0080': // PROTO
                if (Byte() is var protocol and (< 2 or > 5))
                {
                    throw new FormatException($"its pickle is of protocol {protocol}; 2 to 5 are read here");
                }

                break;
            case '\u0095': // FRAME
                Take(8);
                break;
            case '(':
                _marks.Push(_stack.Count);
                Count();
                break;
            case '0':
                Pop();
                break;
            case '1':
                PopMark();
                break;
            case '2':
                Push(Peek());
                break;
            case 'N':
                Push(null);
                break;
            case '\u0088':
                Push(true);
                break;
            case '\u0089':
                Push(false);
                break;
            case 'J':
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case 'K':
                Push((long)Byte());
                break;
            case 'M':
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case '\u008a':
                Number(Byte());
                break;
            case '\u008b':
                Number(Length(4));
                break;
            case 'G':
                Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;
            case '\u008c' or 'U':
                Push(Text(Byte()));
                break;
            case 'X' or 'T':
                Push(Text(Length(4)));
                break;
            case '\u008d':
                Push(Text(Length(8)));
                break;
            case 'C':
                Bytes(Byte());
                break;
            case 'B':
                Bytes(Length(4));
                break;
            case '\u008e':
                Bytes(Length(8));
                break;
            case ']':
                Push(new List<object?>());
                break;
            case 'l':
                Push(PopMark().ToList());
                break;
            case 'a':
                var item = Pop();
                Top<List<object?>>("APPEND").Add(item);
                break;
            case 'e':
                var items = PopMark();
                Top<List<object?>>("APPENDS").AddRange(items);
                break;
            case ')':
                Push(new PickleTuple([]));
                break;
            case 't':
                Push(new PickleTuple(PopMark()));
                break;
            case '\u0085':
                Push(new PickleTuple([Pop()]));
                break;
            case '\u0086':
                var second = Pop();
                Push(new PickleTuple([Pop(), second]));
                break;
            case '\u0087':
                var (third, middle) = (Pop(), Pop());
                Push(new PickleTuple([Pop(), middle, third]));
                break;
            case '}':
                Push(new PickleDictionary());
                break;
            case 'd':
                var pairs = PopMark();
                var dictionary = new PickleDictionary();
                Set(dictionary, pairs);
                Push(dictionary);
                break;
            case 's':
                var value = Pop();
                var key = Pop();
                Set(Top<PickleDictionary>("SETITEM"), [key, value]);
                break;
            case 'u':
                var more = PopMark();
                Set(Top<PickleDictionary>("SETITEMS"), more);
                break;
            case 'q':
                _memo[Byte()] = Peek();
                break;
            case 'r':
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek();
                Count();
                break;
            case '\u0094':
                _memo[(uint)_memo.Count] = Peek();
                break;
            case 'h':
                Push(Remembered(Byte()));
                break;
            case 'j':
                Push(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;
            case 'c':
                var module = Line();
                Push(Global(module, Line()));
                break;
            case '\u0093':
                var (name, from) = (Pop() as string, Pop() as string);
                Push(name is not null && from is not null ? Global(from, name) : throw Broken("STACK_GLOBAL"));
                break;
            case 'i':
                var container = Line();
                throw Refused($"INST to make a '{container}.{Line()}'");
            case 'R':
                var arguments = Pop() as PickleTuple;
                Push(Pop() is PickleGlobal.Callable callable && arguments is not null
                    ? callable.Call(arguments.Items)
                    : throw Broken("REDUCE"));
                break;
            case 'b':
                // An OrderedDict's own attributes: PyTorch keeps version numbers there, which nothing here needs.
                if (Pop() is not PickleDictionary)
                {
                    throw Broken("BUILD");
                }

                Top<PickleDictionary>("BUILD");
                break;
            case 'Q':
                Push(Storage(Pop()));
                break;
            default:
                throw Refused(NameOf(opcode));
        }
    }

    private static string NameOf(byte opcode) => (char)opcode switch
    {
        'o' => "OBJ",
        '\u0081' => "NEWOBJ",
        '\u0092' => "NEWOBJ_EX",
        '\u0082' => "EXT1",
        '\u0083' => "EXT2",
        '\u0084' => "EXT4",
        'P' => "PERSID",
        '\u008f' => "EMPTY_SET",
        '\u0090' => "ADDITEMS",
        '\u0091' => "FROZENSET",
        '\u0096' => "BYTEARRAY8",
        '\u0097' => "NEXT_BUFFER",
        '\u0098' => "READONLY_BUFFER",
        _ => $"0x{opcode:x2}",
    };

    private static FormatException Refused(string opcode) =>
        new($"its pickle uses {opcode}, which a state_dict of plain tensors doesn't need; nothing of it was run");

    private static FormatException Broken(string opcode) => new($"its pickle is broken: {opcode} meets values that it doesn't go with");

    // PyTorch's persistent_id: ('storage', class, key, location, elements), and before 1.6 a view of it, (key, begin, elements).
    private readonly PickleStorage Storage(object? id)
    {
        if (id is not PickleTuple { Items: var items }
            || items is not ["storage", PickleGlobal.Storage { Type: var type }, string key, _, long elements, .. var rest])
        {
            throw new FormatException("its pickle refers to something else than a storage");
        }

        var whole = new PickleStorage(key, type, 0, elements, elements);
        if (!_storages.TryAdd(key, whole) && _storages[key] != whole)
        {
            throw new FormatException($"its pickle is broken: storage {key} is of two types or lengths");
        }

        return rest switch
        {
            [] or [null] => whole,
            [PickleTuple { Items: [_, long begin, long part] }] when begin >= 0 && part >= 0
                && begin <= elements - part => new(key, type, begin, part, elements),
            _ => throw new FormatException($"its pickle refers to a view of storage {key} that isn't inside it"),
        };
    }

    private static void Set(PickleDictionary dictionary, object?[] pairs)
    {
        if (pairs.Length % 2 != 0)
        {
            throw Broken("SETITEMS");
        }

        for (var i = 0; i < pairs.Length; i += 2)
        {
            dictionary.Items.Add(new(pairs[i], pairs[i + 1]));
        }
    }

    private void Count(int values = 1)
    {
        _values += values;
        if (_values > MostValues)
        {
            throw new FormatException($"its pickle makes more than {MostValues} values, far more than a state_dict has");
        }
    }

    // The texts of a name weigh more than other values; picklers write a name once and then remember it.
    private PickleGlobal Global(string module, string name)
    {
        Count(4);
        return PickleGlobals.Find(module, name);
    }

    private void Push(object? value)
    {
        Count();
        _stack.Add(value);
    }

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private readonly object? Peek() =>
        _stack.Count > (_marks.TryPeek(out var mark) ? mark : 0)
            ? _stack[^1]
            : throw new FormatException("its pickle is broken: it takes a value where there is none");

    private readonly T Top<T>(string opcode) => Peek() is T top ? top : throw Broken(opcode);

    private readonly object?[] PopMark()
    {
        if (!_marks.TryPop(out var mark))
        {
            throw new FormatException("its pickle is broken: it ends a list that has no beginning");
        }

        var items = _stack[mark..].ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private readonly object? Remembered(uint index) =>
        _memo.TryGetValue(index, out var value)
            ? value
            : throw new FormatException($"its pickle is broken: it has no value {index} to come back to");

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(long length)
    {
        if (length < 0 || length > _pickles.Length - Position)
        {
            throw new FormatException("it is cut off: its pickle ends in the middle");
        }

        var taken = _pickles.Slice(Position, (int)length);
        Position += (int)length;
        return taken;
    }

    private long Length(int bytes) =>
        bytes == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(Take(4)) : BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    private void Number(long length)
    {
        if (length > LongestNumber)
        {
            throw new FormatException($"its pickle has a whole number of {length} bytes");
        }

        var number = new BigInteger(Take(length));
        Push(number >= long.MinValue && number <= long.MaxValue ? (long)number : (object)number);
    }

    private string Text(long length) => Encoding.UTF8.GetString(Take(length));

    // Skipped, not kept: no state_dict has any.
    private void Bytes(long length)
    {
        Take(length);
        Push(PickleOpaque.Value);
    }

    private string Line()
    {
        var rest = _pickles[Position..];
        var length = rest[..Math.Min(rest.Length, LongestName)].IndexOf((byte)'\n');
        var line = length >= 0
            ? Encoding.UTF8.GetString(Take(length))
            : throw new FormatException("its pickle is broken: a name has no end");
        Position++;
        return line;
    }
}
