/* A car's window as parallel state machines, in the manner of what is generated from statecharts: a few dozen truths in
 * memory, each step a chain of tests of what the step before has left, and next to no arithmetic. */
#include "../kernels/kernel.h"

enum { ROUNDS = 60000, STEPS = 400, TOP = 60, HOLD = 12, COOLING = 40 };

typedef uint8_t truth;

enum key_state { KEY_FREE, KEY_UP_SHORT, KEY_UP_HELD, KEY_DOWN_SHORT, KEY_DOWN_HELD, KEY_CONFLICT };
enum command_state { STAY, UP_WHILE_HELD, UP_TO_END, DOWN_WHILE_HELD, DOWN_TO_END, COMFORT_UP };
enum motor_state { OFF, RAISING, LOWERING, BRAKING, OVERHEATED };
enum guard_state { WATCHING, SUSPICIOUS, REVERSING, BLOCKED };
enum reference_state { UNKNOWN, SEEKING, KNOWN, LOST };
enum light_state { DARK, LIT, BLINK_ON, BLINK_OFF };

/* Inputs. */
static truth driver_up, driver_down, own_up, own_down, child_lock, ignition, door_open, comfort_close, crash, ice;
/* What the machines tell one another: as it is, and as it was a step before. */
static truth up_pressed, down_pressed, up_was, down_was, both_pressed, released, was_released;
static truth want_up, want_down, want_stop, at_top, at_bottom, was_at_top, moving, was_moving;
static truth blocked, was_blocked, pinched, was_pinched, hot, known, was_known, lit, wakeful, locked_out, jammed;
static truth motor_up, motor_down, relay, warning, finished;
/* States and counters of each machine. */
static uint8_t key_state, command_state, motor_state, guard_state, reference_state, light_state;
static uint8_t key_time, guard_time, heat, brake_time, sleep_time, light_time;
static int32_t position, resistance;
static uint32_t entered[6][6];

static void enter(uint8_t *state, int machine, uint8_t next)
{
    *state = next;
    entered[machine][next]++;
}

KERNEL static void remember(void)
{
    up_was = up_pressed;
    down_was = down_pressed;
    was_released = released;
    was_at_top = at_top;
    was_moving = moving;
    was_blocked = blocked;
    was_pinched = pinched;
    was_known = known;
}

KERNEL static void keys(void)
{
    locked_out = child_lock && !driver_up && !driver_down;
    up_pressed = ignition && (driver_up || (own_up && !locked_out));
    down_pressed = ignition && (driver_down || (own_down && !locked_out));
    both_pressed = up_pressed && down_pressed;
    released = !up_pressed && !down_pressed;
    switch (key_state) {
    case KEY_FREE:
        if (both_pressed)
            enter(&key_state, 0, KEY_CONFLICT);
        else if (up_pressed && !up_was)
            key_time = 0, enter(&key_state, 0, KEY_UP_SHORT);
        else if (down_pressed && !down_was)
            key_time = 0, enter(&key_state, 0, KEY_DOWN_SHORT);
        break;
    case KEY_UP_SHORT:
    case KEY_DOWN_SHORT:
        if (both_pressed)
            enter(&key_state, 0, KEY_CONFLICT);
        else if (released)
            enter(&key_state, 0, KEY_FREE);
        else if (++key_time >= HOLD)
            enter(&key_state, 0, key_state == KEY_UP_SHORT ? KEY_UP_HELD : KEY_DOWN_HELD);
        break;
    case KEY_UP_HELD:
        if (!up_pressed || down_pressed)
            enter(&key_state, 0, both_pressed ? KEY_CONFLICT : KEY_FREE);
        break;
    case KEY_DOWN_HELD:
        if (!down_pressed || up_pressed)
            enter(&key_state, 0, both_pressed ? KEY_CONFLICT : KEY_FREE);
        break;
    default:
        if (released && was_released)
            enter(&key_state, 0, KEY_FREE);
    }
}

KERNEL static void commands(void)
{
    want_stop = key_state == KEY_CONFLICT || crash || (jammed && command_state == UP_TO_END);
    switch (command_state) {
    case STAY:
        if (crash)
            break;
        if (key_state == KEY_UP_HELD)
            enter(&command_state, 1, UP_WHILE_HELD);
        else if (key_state == KEY_DOWN_HELD)
            enter(&command_state, 1, DOWN_WHILE_HELD);
        else if (released && !was_released && up_was && known && !door_open)
            enter(&command_state, 1, UP_TO_END);
        else if (released && !was_released && down_was)
            enter(&command_state, 1, DOWN_TO_END);
        else if (comfort_close && !ignition && known && !at_top)
            enter(&command_state, 1, COMFORT_UP);
        break;
    case UP_WHILE_HELD:
        if (want_stop || key_state != KEY_UP_HELD || (at_top && was_at_top))
            enter(&command_state, 1, STAY);
        break;
    case UP_TO_END:
        if (want_stop || pinched || (down_pressed && !down_was) || (at_top && was_at_top) || door_open)
            enter(&command_state, 1, STAY);
        else if (key_state == KEY_UP_HELD)
            enter(&command_state, 1, UP_WHILE_HELD);
        break;
    case DOWN_WHILE_HELD:
        if (want_stop || key_state != KEY_DOWN_HELD || at_bottom)
            enter(&command_state, 1, STAY);
        break;
    case DOWN_TO_END:
        if (want_stop || (up_pressed && !up_was) || at_bottom)
            enter(&command_state, 1, STAY);
        break;
    default:
        if (want_stop || pinched || ignition || at_top || !comfort_close)
            enter(&command_state, 1, STAY);
    }
    want_up = command_state == UP_WHILE_HELD || command_state == UP_TO_END || command_state == COMFORT_UP;
    want_down = command_state == DOWN_WHILE_HELD || command_state == DOWN_TO_END;
}

KERNEL static void guard(void)
{
    blocked = moving && was_moving && resistance > (ice ? 90 : 70) && !at_top && !at_bottom;
    switch (guard_state) {
    case WATCHING:
        pinched = 0;
        if (blocked && motor_up)
            guard_time = 0, enter(&guard_state, 2, SUSPICIOUS);
        break;
    case SUSPICIOUS:
        if (!blocked && !was_blocked)
            enter(&guard_state, 2, WATCHING);
        else if (++guard_time >= 3 && known)
            pinched = 1, guard_time = 0, enter(&guard_state, 2, REVERSING);
        else if (guard_time >= 8)
            jammed = 1, enter(&guard_state, 2, BLOCKED);
        break;
    case REVERSING:
        if (++guard_time >= 25 || at_bottom || crash)
            guard_time = 0, enter(&guard_state, 2, BLOCKED);
        break;
    default:
        if (++guard_time >= COOLING && released) {
            jammed = 0;
            enter(&guard_state, 2, WATCHING);
        }
    }
}

KERNEL static void motor(void)
{
    int reverse = guard_state == REVERSING, up = want_up && !reverse && guard_state != BLOCKED && !(at_top && known);
    int down = (want_down || reverse) && !at_bottom;
    hot = heat > 200;
    switch (motor_state) {
    case OFF:
        if (hot)
            enter(&motor_state, 3, OVERHEATED);
        else if (up && !down)
            enter(&motor_state, 3, RAISING);
        else if (down)
            enter(&motor_state, 3, LOWERING);
        break;
    case RAISING:
        if (!up || down || hot)
            brake_time = 0, enter(&motor_state, 3, BRAKING);
        break;
    case LOWERING:
        if (!down || hot)
            brake_time = 0, enter(&motor_state, 3, BRAKING);
        break;
    case BRAKING:
        if (++brake_time >= 2)
            enter(&motor_state, 3, hot ? OVERHEATED : OFF);
        break;
    default:
        if (heat < 120)
            enter(&motor_state, 3, OFF);
    }
    motor_up = motor_state == RAISING;
    motor_down = motor_state == LOWERING;
    relay = motor_up || motor_down;
    moving = relay && wakeful;
    heat = (uint8_t)(relay ? heat + (heat < 250 ? 4 : 0) : heat - (heat > 0));
}

KERNEL static void reference(void)
{
    switch (reference_state) {
    case UNKNOWN:
        if (motor_up)
            enter(&reference_state, 4, SEEKING);
        break;
    case SEEKING:
        if (at_top && resistance > 50)
            finished = 1, enter(&reference_state, 4, KNOWN);
        else if (!motor_up && !was_moving)
            enter(&reference_state, 4, UNKNOWN);
        break;
    case KNOWN:
        if (crash || (was_pinched && pinched && was_blocked && !moving))
            enter(&reference_state, 4, LOST);
        break;
    default:
        if (!crash && at_bottom)
            enter(&reference_state, 4, UNKNOWN);
    }
    known = reference_state == KNOWN;
}

KERNEL static void lights(void)
{
    wakeful = ignition || comfort_close || sleep_time < 100;
    sleep_time = ignition || moving ? 0 : (uint8_t)(sleep_time + (sleep_time < 255));
    warning = hot || jammed || (known != was_known && !finished);
    switch (light_state) {
    case DARK:
        if (warning && wakeful)
            light_time = 0, enter(&light_state, 5, BLINK_ON);
        else if (ignition && !locked_out)
            enter(&light_state, 5, LIT);
        break;
    case LIT:
        if (warning)
            light_time = 0, enter(&light_state, 5, BLINK_ON);
        else if (!ignition || locked_out)
            enter(&light_state, 5, DARK);
        break;
    default:
        if (++light_time > 20 && !warning)
            enter(&light_state, 5, DARK);
        else if ((light_time & 3) == 0)
            enter(&light_state, 5, light_state == BLINK_ON ? BLINK_OFF : BLINK_ON);
    }
    lit = light_state == LIT || light_state == BLINK_ON;
    finished = 0;
}

/* The door, the driver and the child, by chance; the glass. */
KERNEL static void surroundings(uint32_t chance)
{
    static truth *const often[] = {&driver_up, &driver_down, &own_up, &own_down};
    static truth *const seldom[] = {&child_lock, &ignition, &door_open, &comfort_close, &crash, &ice, &ignition, &ignition};
    if ((chance & 31) < 3)
        *often[chance >> 5 & 3] ^= 1;
    if ((chance >> 7 & 127) == 0)
        *seldom[chance >> 14 & 7] ^= 1;
    position += moving ? motor_up ? 2 : -2 : 0;
    position = position < 0 ? 0 : position > TOP ? TOP : position;
    at_top = position == TOP;
    at_bottom = position == 0;
    resistance = 40 + (int32_t)(chance >> 20 & 15) + (at_top ? 20 : 0) + ((chance >> 24) < 10 ? 60 : 0);
    if (blocked)
        resistance += (int32_t)(chance >> 20 & 31);
}

int main(void)
{
    uint32_t random = seed * 0x2545f491u, sum = 0;
    ignition = 1;
    for (uint32_t round = part_of(ROUNDS); round > 0; round--) {
        for (int step = 0; step < STEPS; step++) {
            surroundings(next_random(&random));
            remember();
            keys();
            commands();
            guard();
            motor();
            reference();
            lights();
        }
        crash = 0;
        sum = fold(sum, (uint32_t)position << 8 | (uint32_t)(lit << 4 | relay << 3 | known << 2 | warning << 1 | wakeful));
    }
    for (int machine = 0; machine < 6; machine++)
        for (int state = 0; state < 6; state++)
            sum = fold(sum, entered[machine][state]);
    report("states", sum);
    return 0;
}
