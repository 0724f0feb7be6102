namespace CovidCt.Phantoms;

/// <summary>Draws one chest-like slice: shapes with soft edges over each other, from the air inward.</summary>
/// <remarks>
/// Places are in half body widths from the middle of the chest: x to the right, y towards the back. Values are gray
/// levels of a lung window.
/// </remarks>
internal sealed class PhantomAnatomy
{
    private const double Muscle = 186, Bone = 232, Blood = 190, Table = 120, Pivot = 110;
    private const double RibDepth = 0.05, RibWidth = 0.03, MostRipple = 0.02;

    private readonly PhantomSlice _slice;
    private readonly PhantomBody _body;
    private readonly double _heartSize, _lungWidth, _lungHeight, _tilt;
    private readonly double _scale, _centreX, _centreY;

    // An edge is 1.5 pixels wide: from half of that on, and a hair for rounding, a pixel is all outside or all inside of a shape.
    private readonly double _reach;
    private readonly float[] _pixels;
    private readonly float[] _lungs;
    private bool[]? _findings;

    private PhantomAnatomy(PhantomSlice slice)
    {
        _slice = slice;
        _body = slice.Body;
        var random = new PhantomRandom(slice.Seed, slice.Patient, 1, slice.Slice);
        var apex = 0.06 * (1 - slice.Level);
        _heartSize = _body.HeartSize * (0.7 + 0.4 * slice.Level);
        _lungWidth = _body.LungWidth - apex;
        _lungHeight = (_body.LungHeight - apex) * _body.Thickness;
        _tilt = _body.Tilt + random.Next(-0.01, 0.01);
        _scale = _body.Fill * Math.Min(slice.Width / 2.0, slice.Height / 2.0 / (_body.Thickness + 0.06));
        _reach = 0.75 / _scale + 1e-9;
        _centreX = slice.Width * (0.5 + random.Next(-0.01, 0.01));
        _centreY = slice.Height / 2.0 - 0.02 * _scale;
        _pixels = new float[slice.Width * slice.Height];
        _lungs = new float[slice.Width * slice.Height];
    }

    /// <summary>
    /// The gray levels of a slice, row-major, before rounding, noise included; and where its patches are, null without any.
    /// </summary>
    public static (float[] Pixels, bool[]? Findings) Draw(PhantomSlice slice)
    {
        var anatomy = new PhantomAnatomy(slice);
        anatomy.DrawBody();
        anatomy.DrawVessels();
        anatomy.DrawHaze();
        anatomy.DrawWindow();
        anatomy.DrawNoise();
        return (anatomy._pixels, anatomy._findings);
    }

    private void DrawBody() => ForEachPixel((i, x, y) =>
    {
        var table = Math.Abs(y - (_body.Thickness + 0.07 - 0.16 * x * x)) - 0.012;
        var skin = Skin(x, y);
        var value = Over(_slice.Air, Table, Inside(table) * Inside(Math.Abs(x) - 0.8));
        value = Over(value, Muscle, Inside(skin));
        value = Over(value, _body.FatGray, Inside(skin + 0.014) * Inside(-(skin + _body.Fat)));
        value = DrawBones(value, x, y, skin);

        var lungs = Math.Min(LungField(x, y, -1), LungField(x, y, 1));
        if (lungs < _reach)
        {
            _lungs[i] = (float)Inside(Math.Max(lungs, -BetweenLungs(x, y)));
            value = Over(value, _body.LungGray, _lungs[i]);
        }

        var trachea = Ellipse(x + 0.015, y + 0.2 - 0.1 * _slice.Level, 0.05, 0.055, 0);
        _pixels[i] = (float)Over(value, _slice.Air, Inside(trachea) * Math.Clamp(1.2 - 1.6 * _slice.Level, 0, 1));
    });

    /// <summary>The distance to the skin, exact where anything is drawn by it: at the skin, in the fat and at the ribs.</summary>
    private double Skin(double x, double y)
    {
        var ellipse = Ellipse(x, y, 1, _body.Thickness, 0.44);
        var wobble = Math.Abs(_body.Wobble);
        return ellipse > wobble + _reach || ellipse < -(wobble + _body.Fat + RibDepth + RibWidth + _reach)
            ? ellipse
            : ellipse + _body.Wobble * Math.Sin(3 * Math.Atan2(y, x) + _body.Phase);
    }

    private double DrawBones(double value, double x, double y, double skin)
    {
        var spine = y - 0.56 * _body.Thickness;
        if (Math.Abs(x) < 0.2 + 3 * _reach && spine > -0.1 - 3 * _reach && spine < 0.27 + 3 * _reach)
        {
            value = Over(value, Bone, Inside(Ellipse(x, spine, 0.12, 0.1, 0.44)));
            value = Over(value, Muscle - 20, 0.6 * Inside(Ellipse(x, spine, 0.085, 0.065, 0)));
            value = Over(value, Bone, Inside(Ellipse(x, spine - 0.2, 0.03, 0.07, 0)));
            value = Over(value, Bone, Inside(Ellipse(Math.Abs(x) - 0.13, spine - 0.1, 0.07, 0.025, 0)));
            value = Over(value, Muscle - 30, Inside(Ellipse(x, spine - 0.125, 0.05, 0.035, 0)));
        }

        value = Over(value, Bone, Inside(Ellipse(x, y + _body.Thickness - _body.Fat - 0.06, 0.11, 0.03, 0)));
        if (Math.Abs(skin + _body.Fat + RibDepth) > RibWidth + _reach)
        {
            return value;
        }

        // Ribs cross the slice at a slant: lens shapes along the chest wall.
        var angle = Math.Atan2(y / _body.Thickness, Math.Abs(x)) + 3 * _tilt + (x < 0 ? 0.1 : 0);
        double place = 2.4 * angle + _body.Phase + 1.5 * _slice.Level, rib = Math.Round(place);
        var length = 0.11 + 0.04 * Math.Sin(5 * rib + _body.Phase);
        var ribs = Ellipse(skin + _body.Fat + RibDepth, (place - rib) / 2.4, RibWidth, length, 0);
        return Over(value, Bone, Inside(ribs) * Inside(Math.Abs(angle) - 1.2));
    }

    /// <summary>The distance to the edge of a lung, exact at the edge.</summary>
    private double LungField(double x, double y, int side)
    {
        double dx = x - side * (_body.LungX + 0.04 * y), dy = y + _tilt * x;
        var ellipse = Ellipse(dx, dy, _lungWidth, _lungHeight, 0.35);
        if (Math.Abs(ellipse) > MostRipple + _reach)
        {
            return ellipse;
        }

        var angle = Math.Atan2(dy, dx * side);
        var ripple = 0.012 * Math.Sin(3 * angle + _body.Phase + side) + 0.008 * Math.Sin(5 * angle - _body.Phase);
        return ellipse + ripple;
    }

    private double BetweenLungs(double x, double y)
    {
        var heart = Ellipse(x - _body.HeartX, y + 0.12, _heartSize, 1.2 * _heartSize, 0.2);
        var mediastinum = Ellipse(x, y + 0.2, 0.13, 0.55, 0.4);
        var spine = Ellipse(x, y - 0.56 * _body.Thickness, 0.19, 0.25, 0);
        var aorta = Ellipse(x - 0.15, y - 0.4 * _body.Thickness, 0.075, 0.075, 0);
        return Math.Min(Math.Min(heart, mediastinum), Math.Min(spine, aorta));
    }

    private void DrawVessels()
    {
        var random = new PhantomRandom(_slice.Seed, _slice.Patient, 3, _slice.Slice);
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var trunks = 4 + random.Index(4);
            for (var t = 0; t < trunks; t++)
            {
                var angle = (t + random.Next(0.1, 0.9)) / trunks * 3.6 - 1.8;
                Branch(random, side * 0.2, random.Next(-0.06, 0.1), side > 0 ? angle : Math.PI - angle, random.Next(0.011, 0.024), 4);
            }

            // Vessels that cross the slice are dots.
            for (var dots = 14 + random.Index(10); dots > 0; dots--)
            {
                double x = side * random.Next(0.15, 0.75), y = random.Next(-0.8, 0.8) * _lungHeight;
                Segment(x, y, x, y, random.Next(0.004, 0.014), random.Next(0.5, 1));
            }
        }
    }

    private void Branch(PhantomRandom random, double x, double y, double angle, double radius, int depth)
    {
        var length = random.Next(0.07, 0.15);
        double toX = x + length * Math.Cos(angle), toY = y + length * Math.Sin(angle);
        Segment(x, y, toX, toY, radius, 0.45 + 0.13 * depth);
        if (depth == 0)
        {
            return;
        }

        var spread = random.Next(0.2, 0.6);
        Branch(random, toX, toY, angle + spread * random.Next(0.3, 1), radius * random.Next(0.6, 0.75), depth - 1);
        if (random.Next() < 0.6)
        {
            Branch(random, toX, toY, angle - spread, radius * random.Next(0.55, 0.7), depth - 1);
        }
    }

    private void Segment(double x0, double y0, double x1, double y1, double radius, double opacity)
    {
        var reach = radius + 2 / _scale;
        ForEachPixel(
            (i, x, y) =>
            {
                if (_lungs[i] == 0)
                {
                    return;
                }

                var length = (x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0);
                var t = length == 0 ? 0 : Math.Clamp(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1);
                var distance = Math.Sqrt(Square(x - x0 - t * (x1 - x0)) + Square(y - y0 - t * (y1 - y0)));
                var cover = opacity * _lungs[i] * Inside(distance - radius) * Math.Min(1, 1.4 * radius * _scale);
                _pixels[i] = (float)Math.Max(_pixels[i], Over(_pixels[i], Blood, cover));
            },
            Math.Min(x0, x1) - reach,
            Math.Min(y0, y1) - reach,
            Math.Max(x0, x1) + reach,
            Math.Max(y0, y1) + reach);
    }

    /// <summary>
    /// Adds the slice's haze to the lungs: the same sum of gray levels in both classes, so that neither the image's
    /// mean nor that of the lungs tells them apart.
    /// </summary>
    private void DrawHaze()
    {
        float[] attenuation = [.. _pixels.Select(Attenuation)];
        var wanted = (float)_slice.Haze * _lungs.Sum();
        var smooth = Dependent();
        Add(smooth, (float)(1 - _slice.Patches));
        if (_slice.Patches > 0)
        {
            var patches = Patches();
            _findings = Array.ConvertAll(patches, patch => patch >= 0.5f);
            Add(patches, (float)_slice.Patches);
        }

        void Add(float[] haze, float share)
        {
            float sum = 0;
            for (var i = 0; i < haze.Length; i++)
            {
                sum += haze[i] * attenuation[i];
            }

            var gain = share * wanted / sum;
            for (var i = 0; i < haze.Length; i++)
            {
                _pixels[i] += gain * haze[i] * attenuation[i];
            }
        }
    }

    /// <summary>Vessels stay visible through the haze, which is what makes it ground glass.</summary>
    private float Attenuation(float value) =>
        (float)Math.Clamp((Blood + 20 - value) / (Blood - _body.LungGray), 0.15, 1);

    /// <summary>Haze without an edge that thickens towards one side, the back as a rule, as in lungs at rest.</summary>
    private float[] Dependent()
    {
        double across = Math.Sin(_body.HazeTurn), down = Math.Cos(_body.HazeTurn);
        var haze = new float[_pixels.Length];
        ForEachPixel((i, x, y) =>
        {
            if (_lungs[i] > 0)
            {
                haze[i] = _lungs[i] * (float)Math.Pow(
                    Math.Clamp(0.5 + 0.55 * (across * x + down * y) / _lungHeight, 0, 1), _body.HazePower);
            }
        });
        return haze;
    }

    /// <summary>
    /// Soft-edged patches in [0, 1], near the pleura more often than not, until they are as large as the haze asks for.
    /// </summary>
    private float[] Patches()
    {
        var random = new PhantomRandom(_slice.Seed, _slice.Patient, 4);
        var contrast = random.Next(66, 90);
        var bilateral = random.Next() < 0.6;
        var first = random.Next() < 0.5 ? -1 : 1;
        double wanted = _slice.Patches * _slice.Haze / contrast * _lungs.Sum(), sum = 0;
        var patches = new float[_pixels.Length];
        for (var n = 0; n < 40 && sum < wanted; n++)
        {
            var side = bilateral && n % 2 == 1 ? -first : first;
            var direction = random.Next(-0.6, 1.5);
            var distance = random.Next() < 0.7 ? random.Next(0.7, 0.95) : random.Next(0.2, 0.7);
            var centreX = side * (_body.LungX + distance * _lungWidth * Math.Cos(direction));
            var centreY = distance * _lungHeight * Math.Sin(direction);
            double width = random.Next(0.09, 0.18), height = width * random.Next(0.7, 1.5), reach = 1.9 * Math.Max(width, height);
            double phase2 = random.Next(0, 6.3), phase3 = random.Next(0, 6.3), phase5 = random.Next(0, 6.3);
            ForEachPixel(
                (i, x, y) =>
                {
                    double dx = (x - centreX) / width, dy = (y - centreY) / height, angle = Math.Atan2(dy, dx);
                    var edge = 1 + 0.15 * Math.Sin(2 * angle + phase2) + 0.12 * Math.Sin(3 * angle + phase3)
                        + 0.08 * Math.Sin(5 * angle + phase5);
                    var soft = Math.Clamp((1.25 - edge * Math.Sqrt(dx * dx + dy * dy)) / 0.6, 0, 1);
                    var patch = Math.Max(patches[i], (float)(soft * soft * (3 - 2 * soft) * _lungs[i]));
                    sum += patch - patches[i];
                    patches[i] = patch;
                },
                centreX - reach,
                centreY - reach,
                centreX + reach,
                centreY + reach);
        }

        return patches;
    }

    private void DrawWindow()
    {
        for (var i = 0; i < _pixels.Length; i++)
        {
            _pixels[i] = (float)(Pivot + _slice.Window * (_pixels[i] - Pivot));
        }
    }

    /// <summary>Scanner-like noise: normal, and correlated over neighbouring pixels by a 3 × 3 binomial filter.</summary>
    private void DrawNoise()
    {
        var random = new PhantomRandom(_slice.Seed, _slice.Patient, 5, _slice.Slice);
        int width = _slice.Width, height = _slice.Height;
        var white = new float[_pixels.Length];
        for (var i = 0; i < white.Length; i++)
        {
            white[i] = (float)random.Gaussian();
        }

        // The filter's weights have the root of summed squares 3/8.
        var gain = (float)(_slice.Noise * 8 / 3);
        for (var y = 0; y < height; y++)
        {
            int above = Math.Max(y - 1, 0) * width, here = y * width, below = Math.Min(y + 1, height - 1) * width;
            for (var x = 0; x < width; x++)
            {
                int left = Math.Max(x - 1, 0), right = Math.Min(x + 1, width - 1);
                var sum = white[above + left] + white[above + right] + white[below + left] + white[below + right]
                    + 2 * (white[above + x] + white[below + x] + white[here + left] + white[here + right])
                    + 4 * white[here + x];
                _pixels[here + x] += gain * sum / 16;
            }
        }
    }

    private void ForEachPixel(
        Action<int, double, double> draw, double left = -9, double top = -9, double right = 9, double bottom = 9)
    {
        int x0 = Math.Max(0, (int)(_centreX + left * _scale)), x1 = Math.Min(_slice.Width - 1, (int)(_centreX + right * _scale) + 1);
        int y0 = Math.Max(0, (int)(_centreY + top * _scale)), y1 = Math.Min(_slice.Height - 1, (int)(_centreY + bottom * _scale) + 1);
        for (var y = y0; y <= y1; y++)
        {
            for (var x = x0; x <= x1; x++)
            {
                draw(y * _slice.Width + x, (x + 0.5 - _centreX) / _scale, (y + 0.5 - _centreY) / _scale);
            }
        }
    }

    /// <summary>
    /// Roughly the signed distance to an ellipse, negative inside; squarer the nearer <paramref name="square"/> is to 1.
    /// </summary>
    private static double Ellipse(double x, double y, double a, double b, double square)
    {
        double u = Square(x / a), v = Square(y / b);
        return (Math.Sqrt(u + v - square * u * v / (u + v + 1e-9)) - 1) * Math.Min(a, b);
    }

    /// <summary>Coverage of a pixel by a shape whose edge is that far away: an edge 1.5 pixels wide.</summary>
    private double Inside(double distance) => Math.Clamp(0.5 - distance * _scale / 1.5, 0, 1);

    private static double Over(double below, double above, double cover) => below + (above - below) * cover;

    private static double Square(double v) => v * v;
}
